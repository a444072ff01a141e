import { make } from '../../src/shell/element.js';
import { isAllowed, numberFields, plainSettings, rangeText, type NumberField, type Settings } from './settings.js';

/** Every setting as a slider and a number. */
export class PatternControls {
  readonly #rows = numberFields.map((field) => new NumberRow(field, (value) => this.#set({ [field.key]: value })));
  readonly #causal = make('input', { type: 'checkbox' });
  readonly #reset = make('button', { type: 'button', className: 'button' }, 'Undo clicked blocks');
  readonly element = make(
    'section',
    { className: 'panel settings' },
    make('h2', { id: 'settings-title' }, 'Pattern'),
    make('label', { className: 'inline' }, this.#causal, 'Causal: no query sees keys after it'),
    ...this.#rows.map(({ element }) => element),
    this.#reset,
  );
  #settings: Settings = plainSettings;

  constructor(private readonly change: (settings: Settings) => void) {
    this.element.setAttribute('aria-labelledby', 'settings-title');
    this.#causal.addEventListener('change', () => this.#set({ causal: this.#causal.checked }));
    this.#reset.addEventListener('click', () => this.#set({ turned: [] }));
  }

  show(settings: Settings): void {
    this.#settings = settings;
    this.#causal.checked = settings.causal;
    this.#reset.disabled = settings.turned.length === 0;
    for (const row of this.#rows) row.show(settings);
  }

  #set(part: Partial<Settings>): void {
    this.change({ ...this.#settings, ...part });
  }
}

class NumberRow {
  readonly #label = make('label');
  readonly #range = make('input', { type: 'range' });
  readonly #number = make('input', { type: 'number' });
  readonly #problem = make('span', { className: 'wrong', role: 'alert', hidden: true });
  readonly element = make('div', { className: 'setting' }, this.#label, this.#range, this.#number, this.#problem);
  #shown = 0;
  /** Whether the user has changed the number since it got the focus. */
  #isTyped = false;

  constructor(
    private readonly field: NumberField,
    set: (value: number) => void,
  ) {
    const { key, label, least, most, step } = field;
    this.#label.textContent = label;
    this.#label.htmlFor = this.#number.id = `setting-${key}`;
    this.#problem.textContent = rangeText(field);
    this.#range.setAttribute('aria-label', label);
    for (const input of [this.#number, this.#range]) {
      Object.assign(input, { min: String(least), max: String(most), step: String(step) });
    }
    this.#range.addEventListener('input', () => set(Number(this.#range.value)));
    this.#number.addEventListener('input', () => {
      this.#isTyped = true;
      const value = this.#number.value === '' ? NaN : Number(this.#number.value);
      this.#mark(!isAllowed(field, value));
      if (isAllowed(field, value)) set(value);
    });
    this.#number.addEventListener('change', () => {
      this.#isTyped = false;
      this.#number.value = String(this.#shown); // what is not allowed is not left beside another pattern's picture
      this.#mark(false);
    });
  }

  show(settings: Settings): void {
    const { key, most } = this.field;
    this.#shown = settings[key];
    const isOfWindow = key === 'left' || key === 'right';
    this.#range.max = String(isOfWindow ? settings.tokens - 1 : most);
    this.#range.value = String(this.#shown);
    if (document.activeElement !== this.#number || !this.#isTyped) this.#number.value = String(this.#shown);
    this.#range.disabled = this.#number.disabled = key === 'right' && settings.causal;
  }

  #mark(isWrong: boolean): void {
    this.#problem.hidden = !isWrong;
    this.#number.setAttribute('aria-invalid', String(isWrong));
  }
}
