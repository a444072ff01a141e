import { make } from '../../src/shell/element.js';
import { cellsCanvas } from './cells-canvas.js';
import { panel, percent } from './panel.js';
import type { CellPicture, WeightRow } from './tasks.js';

const mostPictures = 60;

/** Where each weight with zeros is not 0, beside each other. */
export class PicturesPanel {
  readonly #pictures = make('div', { className: 'pictures' });
  readonly #words = make('p', { className: 'hint' });
  readonly #save = make('button', { type: 'button', className: 'button' }, 'Save all as SVG');
  readonly element = panel('patterns', 'Where weights are not 0', this.#words, this.#pictures, this.#save);

  constructor(
    private readonly pick: (path: string) => void,
    draw: () => void,
  ) {
    this.#save.addEventListener('click', draw);
  }

  show(rows: readonly WeightRow[]): void {
    const withPictures = rows.filter(({ picture }) => picture !== null);
    const shown = withPictures.slice(0, mostPictures);
    const left = withPictures.length - shown.length;
    this.element.hidden = shown.length === 0;
    const more = left > 0 ? ` ${left} more are in the table.` : '';
    this.#words.textContent = `Outputs downwards, inputs to the right; the darker, the fewer zeros.${more}`;
    this.#pictures.replaceChildren(...shown.map((row) => this.#button(row, row.picture!)));
  }

  #button({ path, sparsity }: WeightRow, picture: CellPicture): HTMLElement {
    const [name, zeros] = [path, percent(sparsity)].map((text) => make('span', {}, text));
    const button = make('button', { type: 'button' }, cellsCanvas(picture), name, zeros);
    button.addEventListener('click', () => this.pick(path));
    return button;
  }
}
