import { bytesText } from '../../src/numbers.js';
import { make } from '../../src/shell/element.js';
import { panel, percent, scrollBox, shapeText } from './panel.js';
import type { WeightRow } from './tasks.js';

/** All weights below the modules that they belong to. */
export class WeightsPanel {
  readonly #body = make('tbody');
  readonly #onlySparse = make('input', { type: 'checkbox' });
  readonly #buttons = new Map<string, HTMLButtonElement>();
  readonly element: HTMLElement;
  #rows: readonly WeightRow[] = [];

  /** @param pick shows the values of a weight */
  constructor(private readonly pick: (path: string) => void) {
    const heads = ['Weight', 'Type', 'Shape', 'Size', 'Zeros', 'Kernel, pattern'];
    const head = make('thead', {}, make('tr', {}, ...heads.map((text) => make('th', { scope: 'col' }, text))));
    const only = make('label', { className: 'inline' }, this.#onlySparse, 'only those with zeros');
    this.#onlySparse.addEventListener('change', () => this.#fill());
    const table = make('table', {}, head, this.#body);
    this.element = panel('weights', 'Weights', only, scrollBox('All weights', table));
  }

  show(rows: readonly WeightRow[]): void {
    this.#rows = rows;
    this.#fill();
  }

  /** Shows which weight is looked at. */
  mark(path: string): void {
    for (const [each, button] of this.#buttons) button.setAttribute('aria-pressed', String(each === path));
  }

  #fill(): void {
    this.#buttons.clear();
    const shown = this.#rows.filter(({ sparsity }) => sparsity > 0 || !this.#onlySparse.checked);
    let modules: readonly string[] = [];
    const lines: HTMLElement[] = [];
    for (const row of shown.slice(0, mostRows)) {
      const names = row.path.split('.');
      const own = names.slice(0, -1);
      const first = own.findIndex((name, depth) => modules[depth] !== name);
      for (let depth = first < 0 ? own.length : first; depth < own.length; depth++) {
        lines.push(moduleLine(own[depth], depth));
      }
      modules = own;
      lines.push(this.#line(row, names[own.length], own.length));
    }
    const left = shown.length - mostRows;
    if (left > 0) lines.push(make('tr', {}, make('td', { colSpan: columns }, `and ${left.toLocaleString('en')} more`)));
    this.#body.replaceChildren(...lines);
  }

  #line(row: WeightRow, name: string, depth: number): HTMLElement {
    const { path, dtype, shape, bytes, sparsity, said, kernel } = row;
    const button = make('button', { type: 'button', title: path }, name);
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => this.pick(path));
    this.#buttons.set(path, button);
    const head = make('th', { scope: 'row' }, button);
    head.style.setProperty('--depth', String(depth));
    const zeros = sparsity > 0 ? percent(sparsity) : '';
    const texts = [dtype, shapeText(shape), bytesText(bytes), zeros, [kernel, said].filter(Boolean).join('; ')];
    return make('tr', {}, head, ...texts.map((text) => make('td', {}, text)));
  }
}

const columns = 6;
const mostRows = 2000; // more make the page slow

function moduleLine(name: string, depth: number): HTMLElement {
  const head = make('th', { scope: 'rowgroup', colSpan: columns, className: 'module' }, name);
  head.style.setProperty('--depth', String(depth));
  return make('tr', {}, head);
}
