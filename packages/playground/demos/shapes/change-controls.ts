import { make } from '../../src/shell/element.js';
import type { Changes } from './change-cloud.js';

interface Slider {
  readonly key: keyof Changes;
  readonly label: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly unit: string;
}

const sliders: readonly Slider[] = [
  { key: 'kept', label: 'Points kept', least: 5, most: 100, step: 1, unit: ' %' },
  { key: 'turned', label: 'Turned by', least: 0, most: 360, step: 1, unit: '°' },
  { key: 'noise', label: 'Noise', least: 0, most: 10, step: 0.1, unit: ' %' },
];

const unchanged: Changes = { kept: 100, turned: 0, noise: 0 };

/** What is done to the cloud, as sliders. */
export class ChangeControls {
  readonly #reset = make('button', { type: 'button', className: 'button' }, 'As it came');
  readonly #rows = sliders.map((slider) => new SliderRow(slider, (value) => this.#set({ [slider.key]: value })));
  readonly element = make(
    'section',
    { className: 'changes' },
    make('h2', { id: 'changes-title' }, 'Change the cloud'),
    this.#reset,
    ...this.#rows.map(({ element }) => element),
  );
  #changes = unchanged;

  constructor(private readonly onChange: () => void) {
    this.element.setAttribute('aria-labelledby', 'changes-title');
    this.#reset.addEventListener('click', () => this.#set(unchanged));
    this.#show();
  }

  get changes(): Changes {
    return this.#changes;
  }

  #set(part: Partial<Changes>): void {
    this.#changes = { ...this.#changes, ...part };
    this.#show();
    this.onChange();
  }

  #show(): void {
    for (const row of this.#rows) row.show(this.#changes);
    this.#reset.disabled = sliders.every(({ key }) => this.#changes[key] === unchanged[key]);
  }
}

class SliderRow {
  readonly #range: HTMLInputElement;
  readonly #output = make('output');
  readonly element: HTMLElement;

  constructor(
    private readonly slider: Slider,
    set: (value: number) => void,
  ) {
    const { key, label, least, most, step } = slider;
    const [min, max] = [String(least), String(most)];
    this.#range = make('input', { type: 'range', id: `change-${key}`, min, max, step: String(step) });
    this.#range.addEventListener('input', () => set(Number(this.#range.value)));
    this.element = make(
      'div',
      { className: 'change' },
      make('label', { htmlFor: this.#range.id }, label),
      this.#range,
      this.#output,
    );
  }

  show(changes: Changes): void {
    const { key, unit } = this.slider;
    const text = `${changes[key]}${unit}`;
    this.#range.value = String(changes[key]);
    this.#range.setAttribute('aria-valuetext', text);
    this.#output.textContent = text;
  }
}
