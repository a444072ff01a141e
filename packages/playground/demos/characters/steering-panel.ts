import type { ViewHost } from '../../src/demo.js';
import { make } from '../../src/shell/element.js';
import type { SaeKind, Task, Writing, Written } from './tasks.js';

const textLength = 200; // characters
const partLength = 20; // written at a time, so that the page shows them as they come
const [least, most, step] = [-4, 4, 0.25]; // times the feature's greatest activation

/** Writes on from a prompt, with a feature turned up or down and, beside it, without; both draw by the same chances. */
export class SteeringPanel {
  readonly #title = make('h2', { id: 'steering-title' });
  readonly #prompt = make('textarea', { rows: 2, value: 'ROMEO:\n', spellcheck: false });
  readonly #strength = make('input', { type: 'range' });
  readonly #shownStrength = make('output', { className: 'value' });
  readonly #seed = make('input', { type: 'number', min: '0', max: '999999', value: '1' });
  readonly #button = make('button', { type: 'button', className: 'button' }, 'Write both');
  readonly #plain = make('pre', { tabIndex: 0 });
  readonly #steered = make('pre', { tabIndex: 0 });
  readonly #caption = make('figcaption');
  readonly element: HTMLElement;
  #kind: SaeKind = 'topk';
  #feature: number | null = null;
  /** The feature's greatest activation. */
  #unit = 1;
  #awaited: Writing | null = null;
  #prefix = '';
  /** As the controls were when both began. */
  #started = { strength: 0, seed: 0 };
  /** What both have written. */
  #texts = { plain: '', steered: '' };

  constructor(private readonly host: ViewHost<Task>) {
    Object.assign(this.#strength, { min: String(least), max: String(most), step: String(step), value: '2' });
    this.element = make(
      'section',
      { className: 'panel' },
      this.#title,
      make('label', {}, 'Begin with', this.#prompt),
      make('label', {}, 'Strength', make('span', { className: 'row' }, this.#strength, this.#shownStrength)),
      make('div', { className: 'row' }, make('label', { className: 'inline' }, 'Seed', this.#seed), this.#button),
      make(
        'div',
        { className: 'beside' },
        make('figure', {}, make('figcaption', {}, 'unsteered'), this.#plain),
        make('figure', {}, this.#caption, this.#steered),
      ),
    );
    this.element.setAttribute('aria-labelledby', 'steering-title');
    this.#strength.addEventListener('input', () => this.#showStrength());
    this.#button.addEventListener('click', () => (this.#awaited ? this.#stop() : this.#start()));
    this.#showStrength();
    this.#clear();
    this.pick('topk', null, 1);
  }

  /** @param unit the feature's greatest activation, which strengths are multiples of */
  pick(kind: SaeKind, feature: number | null, unit: number): void {
    if (feature !== this.#feature || kind !== this.#kind) this.#clear();
    this.#kind = kind;
    this.#feature = feature;
    this.#unit = unit;
    this.#title.textContent = feature === null ? 'Steer a feature' : `Steer feature ${feature}`;
    this.#button.disabled = feature === null;
  }

  show(part: Writing, { text }: Written): void {
    if (part !== this.#awaited) return;
    this.#texts[part.steering ? 'steered' : 'plain'] += text;
    this.#showTexts();
    if (this.#texts.steered.length >= textLength) this.#stop();
    else this.#ask(part.steering === null);
  }

  #start(): void {
    this.#texts = { plain: '', steered: '' };
    this.#prefix = this.#prompt.value;
    this.#button.textContent = 'Stop';
    this.#started = { strength: Number(this.#strength.value), seed: Number(this.#seed.value) || 0 };
    this.#caption.textContent = `steered by ${strengthText(this.#started.strength)}, seed ${this.#started.seed}`;
    this.#showTexts();
    this.#ask(false);
  }

  /** What another feature or autoencoder wrote would stand under a title that it is not of. */
  #clear(): void {
    this.#stop();
    this.#texts = { plain: '', steered: '' };
    this.#prefix = '';
    this.#caption.textContent = 'steered';
    this.#showTexts();
  }

  #stop(): void {
    this.#awaited = null;
    this.#button.textContent = 'Write both';
  }

  #ask(isSteered: boolean): void {
    const text = this.#texts[isSteered ? 'steered' : 'plain'];
    const seed = this.#started.seed * 1000 + text.length;
    const amount = this.#started.strength * this.#unit;
    this.#awaited = {
      task: 'write',
      name: `Writing ${isSteered ? 'steered' : 'unsteered'}: ${text.length} of ${textLength} characters`,
      prompt: this.#prefix + text,
      length: partLength,
      temperature: 0.8,
      seed,
      kind: this.#kind,
      steering: isSteered ? { feature: this.#feature!, amount } : null,
    };
    this.host.run(this.#awaited);
  }

  #showTexts(): void {
    for (const [figure, text] of [
      [this.#plain, this.#texts.plain],
      [this.#steered, this.#texts.steered],
    ] as const) {
      figure.replaceChildren(make('span', { className: 'prompt' }, this.#prefix), text);
    }
  }

  #showStrength(): void {
    this.#shownStrength.textContent = strengthText(Number(this.#strength.value));
  }
}

function strengthText(strength: number): string {
  return `${strength > 0 ? '+' : ''}${strength} × its greatest activation`;
}
