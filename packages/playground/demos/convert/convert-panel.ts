import { make } from '../../src/shell/element.js';
import { actionButton, field, panel, refusal, setWaiting, showRefusal } from './panel.js';
import type { ConvertSettings, FoundNetwork, Precision, Refused } from './tasks.js';

const prunings: readonly (readonly [value: string, text: string])[] = [
  ['', 'no weights to 0'],
  ['2:4', '2 of 4 weights to 0'],
  ['0.5', '50 % of the weights'],
  ['0.8', '80 % of the weights'],
  ['0.9', '90 % of the weights'],
  ['other', 'another share or n:m…'],
];
const precisions: readonly (readonly [value: Precision, text: string])[] = [
  ['float32', 'float32'],
  ['float16', 'float16, half the size'],
  ['int8', 'int8, a quarter'],
  ['int4', 'int4, products on 4 bits'],
];

/** How the model is converted. */
export class ConvertPanel {
  readonly #architecture = make('select');
  readonly #ofArchitecture = field('Architecture', this.#architecture);
  readonly #settings = make('input', { type: 'text', placeholder: '{"heads": 4}', spellcheck: false });
  readonly #ofSettings = field('What no weight says, as JSON', this.#settings);
  readonly #inputs = make('input', { type: 'text', placeholder: 'x=1,3,224,224', spellcheck: false });
  readonly #ofInputs = field('Shapes of inputs', this.#inputs);
  readonly #pruning = make('select', {}, ...prunings.map(option));
  readonly #otherPruning = make('input', { type: 'text', placeholder: '0.7 or 1:4' });
  readonly #ofOtherPruning = field('Share or n:m', this.#otherPruning);
  readonly #precision = make('select', {}, ...precisions.map(option));
  readonly #button: HTMLButtonElement;
  readonly #problem = refusal();
  readonly element: HTMLElement;

  constructor(convert: () => void) {
    this.#button = actionButton('Convert', convert);
    this.element = panel(
      'convert',
      'Convert',
      this.#ofArchitecture,
      this.#ofSettings,
      this.#ofInputs,
      field('Prune', this.#pruning),
      this.#ofOtherPruning,
      field('Store weights as', this.#precision),
      this.#button,
      this.#problem,
    );
    this.#ofOtherPruning.hidden = true;
    this.#pruning.addEventListener('change', () => {
      this.#ofOtherPruning.hidden = this.#pruning.value !== 'other';
      if (this.#pruning.value === 'other') this.#otherPruning.focus();
    });
    this.showWaiting();
  }

  /** What is chosen now. */
  settings(): ConvertSettings {
    const pruning = this.#pruning.value === 'other' ? this.#otherPruning.value.trim() || '0' : this.#pruning.value;
    return {
      architecture: this.#architecture.value || null,
      settings: this.#settings.value,
      inputs: this.#inputs.value,
      pruning,
      precision: this.#precision.value as Precision,
    };
  }

  /** Nothing can be converted before a file is open. */
  showWaiting(): void {
    setWaiting(this.#button, true);
    this.#problem.hidden = true;
  }

  show({ isInFile, architecture, architectures, asksInputs }: FoundNetwork, settings: string | null): void {
    const first = architecture === null ? 'as recognised: none' : `as recognised: ${architecture}`;
    const names = [['', first], ...architectures.map((name) => [name, name])] as const;
    this.#architecture.replaceChildren(...names.map(([value, text]) => option([value, text])));
    this.#ofArchitecture.hidden = this.#ofSettings.hidden = isInFile;
    this.#ofInputs.hidden = !asksInputs;
    this.#inputs.value = '';
    this.#settings.value = isInFile ? '' : (settings ?? '').replace(/\s+/g, ' ').trim();
    setWaiting(this.#button, false);
    this.#problem.hidden = true;
  }

  showBusy(isBusy: boolean): void {
    setWaiting(this.#button, isBusy);
    if (isBusy) this.#problem.hidden = true;
  }

  refuse(refused: Refused): void {
    showRefusal(this.#problem, refused);
  }
}

function option([value, text]: readonly [value: string, text: string]): HTMLOptionElement {
  return make('option', { value }, text);
}
