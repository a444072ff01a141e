import type { AttentionView } from '@tfjs-sparse/shapes-flatformer';
import { ColumnsChoice } from '../../src/clouds/columns-choice.js';
import type { DemoPage, DemoView, OptionValues, ViewHost } from '../../src/demo.js';
import { make } from '../../src/shell/element.js';
import { AnswersPanel } from './answers-panel.js';
import { AttentionControls, type Picture } from './attention-controls.js';
import { changedCloud, extentOf } from './change-cloud.js';
import { ChangeControls } from './change-controls.js';
import type { Shape } from './demo.js';
import type { Answers } from './shape-networks.js';
import { ShapeView } from './shape-view.js';

export const page: DemoPage<Shape, Answers> = { createView: (host) => new ShapesView(host) };

/** Shows one of the shapes, as it is changed and classified; the others are in a list. */
class ShapesView implements DemoView<Shape, Answers> {
  readonly element: HTMLElement;
  readonly controls: readonly HTMLElement[];
  readonly #list = make('select', { className: 'button', hidden: true, ariaLabel: 'shapes' });
  readonly #columns = new ColumnsChoice((isMeant) => this.host.readAgain(isMeant));
  readonly #view = new ShapeView((point) => this.#pick(point));
  readonly #answersPanel = new AnswersPanel();
  readonly #changes = new ChangeControls(() => this.#change());
  readonly #layers = new AttentionControls(
    () => this.#colour(),
    () => this.#classify(),
  );
  readonly #shapes: Shape[] = [];
  #shown: Shape | null = null;
  /** The shown shape as it is changed: float32 `[points, 3]`. */
  #points: Float32Array = new Float32Array();
  /** Of the shown shape, perhaps before its last change, and what they were asked of. */
  #answered: { readonly item: Shape; readonly answers: Answers } | null = null;
  #picked: number | null = null;
  /** What the colours said before a point was picked. */
  #pictureBefore: Picture = 'height';
  /** What the worker is at, and the shape of which it is. */
  #asked: { readonly item: Shape; readonly shape: Shape } | null = null;
  /** Whether something has changed since it was asked. */
  #isStale = false;

  constructor(private readonly host: ViewHost<Shape>) {
    this.element = make(
      'div',
      { className: 'shapes' },
      this.#view.element,
      this.#answersPanel.element,
      make('div', { className: 'side' }, this.#changes.element, this.#layers.element),
    );
    this.controls = [this.#list, this.#columns.element];
    this.#list.addEventListener('change', () => {
      this.#choose(this.#shapes[this.#list.selectedIndex]);
      this.#classify();
    });
  }

  readOptions(): OptionValues {
    return this.#columns.options;
  }

  add(shapes: readonly Shape[]): readonly Shape[] {
    this.#shapes.push(...shapes);
    this.#list.append(...shapes.map(({ name }) => make('option', {}, name)));
    this.#list.hidden = this.#shapes.length < 2;
    const ofSameClass = shapes.find(({ trueClass }) => trueClass && trueClass === this.#shown?.trueClass);
    this.#choose(ofSameClass ?? shapes[0]);
    return [this.#ask()];
  }

  replace(before: readonly Shape[], shapes: readonly Shape[]): readonly Shape[] {
    before.forEach((old, i) => (this.#shapes[this.#shapes.indexOf(old)] = shapes[i])); // a file has one shape
    const place = this.#shown ? before.indexOf(this.#shown) : -1;
    if (place < 0) return [];
    this.#choose(shapes[place]);
    return [this.#ask()];
  }

  clear(): readonly Shape[] {
    this.#answered = null;
    if (!this.#shown) return [];
    this.#colour();
    return [this.#ask()];
  }

  show(item: Shape, answers: Answers): void {
    if (item !== this.#asked?.item) return;
    const { shape } = this.#asked;
    this.#asked = null;
    if (shape === this.#shown) {
      this.#answered = { item, answers };
      this.#colour();
    }
    if (this.#isStale) this.host.run(this.#ask());
  }

  summary(backend: string): string {
    if (!this.#shown || !this.#answered) return '';
    const { transformer, convolution } = this.#answered.answers;
    const { name, hint } = this.#shown;
    return (
      `${name} on ${backend}: transformer ${transformer.likely[0].label}, sparse CNN ${convolution.likely[0].label}.` +
      (hint ? ` ${hint}` : '')
    );
  }

  #choose(shape: Shape): void {
    this.#shown = shape;
    this.#list.selectedIndex = this.#shapes.indexOf(shape);
    this.#answered = null;
    this.#letGo();
    this.#showPoints();
  }

  #change(): void {
    if (!this.#shown) return;
    this.#showPoints();
    this.#classify();
  }

  #pick(point: number | null): void {
    if (!this.#shown) return;
    if (point === null) this.#letGo();
    else {
      if (this.#picked === null) this.#pictureBefore = this.#layers.picture;
      this.#picked = point;
      this.#layers.picture = 'attention';
      this.#classify();
    }
    this.#colour();
  }

  #letGo(): void {
    if (this.#picked === null) return;
    this.#picked = null;
    if (this.#layers.picture === 'attention') this.#layers.picture = this.#pictureBefore;
  }

  /** Has the networks run, after what they are at; what changes meanwhile runs once. */
  #classify(): void {
    if (!this.#shown) return;
    if (this.#asked) this.#isStale = true;
    else this.host.run(this.#ask());
  }

  #ask(): Shape {
    const { block, layer } = this.#layers;
    const { name } = this.#shown!;
    const item: Shape = { name, points: this.#points, place: { block, layer, point: this.#picked } };
    this.#asked = { item, shape: this.#shown! };
    this.#isStale = false;
    return item;
  }

  #showPoints(): void {
    const { points } = this.#shown!;
    this.#points = changedCloud(points, this.#changes.changes);
    if (this.#picked !== null && this.#picked >= this.#points.length / 3) this.#letGo();
    this.#view.showPoints(this.#points, extentOf(points));
    this.#colour();
  }

  #colour(): void {
    if (!this.#shown) return;
    this.#layers.say(this.#view.colour(this.#layers.picture, this.#seen(), this.#picked));
    this.#answersPanel.show(this.#shown, this.#answered?.answers ?? null, this.#points.length / 3);
  }

  /** What the layer was last seen to do, without the attention of a point that is no longer picked. */
  #seen(): AttentionView | null {
    if (!this.#answered) return null;
    const { item, answers } = this.#answered;
    const isOfPicked = item.place?.point === this.#picked;
    return answers.attention && { ...answers.attention, attention: isOfPicked ? answers.attention.attention : null };
  }
}
