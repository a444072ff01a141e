import { make } from '../../src/shell/element.js';
import { cellsCanvas } from './cells-canvas.js';
import { histogramPicture, numberText } from './histogram-picture.js';
import { panel, refusal, showRefusal } from './panel.js';
import type { CellPicture, Refused, Weight } from './tasks.js';

/** The values of the weight that is picked, and where it is not 0. */
export class ValuesPanel {
  readonly #name = make('p', { className: 'name' });
  readonly #shown = make('div', { className: 'values' });
  readonly #problem = refusal();
  readonly element = panel('weight', 'Values of a weight', this.#name, this.#problem, this.#shown);

  showWaiting(path: string): void {
    this.#name.textContent = path === '' ? 'Pick a weight.' : `${path}…`;
    this.#problem.hidden = true;
    if (path === '') this.#shown.replaceChildren();
  }

  /** @param picture of where it is not 0; null for none */
  show({ path, histogram }: Weight, picture: CellPicture | null): void {
    const { zeros, notFinite, low, high, counts } = histogram;
    const odd = notFinite > 0 ? `, not finite: ${notFinite.toLocaleString('en')}` : '';
    const others = counts.reduce((sum, count) => sum + count, 0);
    const ends = [low, high].map((value) => make('span', {}, numberText(value)));
    const range = make('p', { className: 'range' }, ...ends);
    const counted = `Values other than 0: ${others.toLocaleString('en')}, zeros: ${zeros.toLocaleString('en')}${odd}.`;
    const words = make('p', { className: 'hint' }, `${counted} Heights grow with the root of the count.`);
    const bars = others > 0 ? [histogramPicture(histogram), range] : [];
    this.#name.textContent = path;
    this.#shown.replaceChildren(make('div', {}, ...bars, words));
    if (picture) this.#shown.append(cellsCanvas(picture));
  }

  refuse(refused: Refused): void {
    this.#shown.replaceChildren();
    showRefusal(this.#problem, refused);
  }
}
