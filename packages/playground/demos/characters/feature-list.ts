import { make } from '../../src/shell/element.js';
import { nameOf } from './character-text.js';
import { exampleLines } from './example-lines.js';
import type { Reading } from './tasks.js';
import type { TopExamples } from './top-examples.js';

/** Examples, once a scan has found them. */
export interface FoundExamples {
  readonly text: string;
  readonly examples: TopExamples;
}

const linesPerFeature = 2;

/** The features that are active at a character, the strongest first, each a button that picks it. */
export class FeatureList {
  readonly #title = make('h2', { id: 'features-title' });
  readonly #list = make('ul', { className: 'features' });
  readonly element = make('section', { className: 'panel' }, this.#title, this.#list);

  constructor(private readonly onPick: (feature: number) => void) {
    this.element.setAttribute('aria-labelledby', 'features-title');
  }

  clear(): void {
    this.#title.textContent = 'Features';
    this.#list.replaceChildren(make('li', { className: 'hint' }, 'There is no text.'));
  }

  show(
    { text, starts, features, values }: Reading,
    place: number,
    picked: number | null,
    found: FoundExamples | null,
  ): void {
    this.#title.textContent = `Features at “${nameOf(text[place])}”, character ${place + 1}`;
    const [first, end] = [starts[place], starts[place + 1]];
    const rows = Array.from({ length: end - first }, (_, rank) => {
      const feature = features[first + rank];
      return this.#row(feature, values[first + rank], values[first], feature === picked, found);
    });
    this.#list.replaceChildren(
      ...(rows.length > 0 ? rows : [make('li', { className: 'hint' }, 'No feature is active.')]),
    );
  }

  #row(feature: number, value: number, most: number, isPicked: boolean, found: FoundExamples | null): HTMLElement {
    const button = make('button', { type: 'button', className: 'button' }, `feature ${feature}`);
    button.ariaPressed = String(isPicked);
    button.addEventListener('click', () => this.onPick(feature));
    const strength = make('span', { className: 'value' }, value.toFixed(2));
    const meter = make('meter', { value: value / most, title: `${value.toFixed(2)}` });
    meter.ariaLabel = `strength of feature ${feature}`;
    const head = make('div', { className: 'feature' }, button, meter, strength);
    return make('li', {}, head, ...(found ? [exampleLines(found.text, found.examples, feature, linesPerFeature)] : []));
  }
}
