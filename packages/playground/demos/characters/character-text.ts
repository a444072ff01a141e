import { make } from '../../src/shell/element.js';
import type { Reading } from './tasks.js';

/** A text on the page, each character coloured by one feature; one of them is picked by click or arrow keys. */
export class CharacterText {
  readonly element = make('div', { className: 'characters', tabIndex: 0, role: 'listbox' });
  readonly #scale = make('span');
  readonly legend = make(
    'p',
    { className: 'legend-line' },
    'not active ',
    make('span', { className: 'ramp', ariaHidden: 'true' }),
    this.#scale,
  );
  #cells: HTMLElement[] = [];
  #picked = 0;

  constructor(private readonly onPick: (place: number) => void) {
    this.element.ariaLabel = 'characters of the text: arrow keys pick one';
    this.element.addEventListener('click', ({ target }) => {
      const place = this.#cells.indexOf(target as HTMLElement);
      if (place >= 0) this.#pickAsked(place);
    });
    this.element.addEventListener('keydown', (event) => {
      const place = placeAfter(event.key, this.#picked, this.#cells);
      if (place === null) return;
      event.preventDefault();
      this.#pickAsked(place);
    });
  }

  showText(text: string): void {
    this.#cells = [...text].map((character, place) => {
      const isBreak = character === '\n';
      const shown = isBreak ? '↵' : character;
      const cell = make('span', { className: isBreak ? 'break' : '', id: `character-${place}`, role: 'option' }, shown);
      cell.ariaLabel = nameOf(character);
      return cell;
    });
    this.element.replaceChildren(...this.#cells.flatMap((cell) => (cell.className ? [cell, make('br')] : [cell])));
  }

  clear(): void {
    this.showText('');
    this.element.removeAttribute('aria-activedescendant');
    this.#scale.textContent = '';
  }

  pick(place: number): void {
    this.#cells[this.#picked]?.removeAttribute('aria-selected');
    this.#picked = place;
    const cell = this.#cells[place];
    cell.ariaSelected = 'true';
    this.element.setAttribute('aria-activedescendant', cell.id);
    this.onPick(place);
  }

  /** Picks what the user asked for, and shows it within the text: the page stays where it is. */
  #pickAsked(place: number): void {
    this.pick(place);
    const [box, cell] = [this.element, this.#cells[place]].map((each) => each.getBoundingClientRect());
    if (cell.top < box.top) this.element.scrollTop -= box.top - cell.top;
    else if (cell.bottom > box.bottom) this.element.scrollTop += cell.bottom - box.bottom;
  }

  /** Colours the characters. @param values float32 `[characters]` */
  colour(feature: number, values: Float32Array): void {
    const most = Math.max(...values);
    this.#cells.forEach((cell, place) => {
      colourCell(cell, most > 0 ? values[place] / most : 0);
      cell.title = `feature ${feature} at ${cell.ariaLabel}: ${values[place].toFixed(2)}`;
    });
    this.#scale.textContent =
      most > 0 ? ` ${most.toFixed(2)}, feature ${feature}` : ` feature ${feature} is nowhere active`;
  }
}

/** @param share of the strongest, from 0 to 1 */
export function colourCell(cell: HTMLElement, share: number): void {
  cell.style.setProperty('--share', `${Math.round(100 * share)}%`);
  cell.classList.toggle('active', share > 0);
}

/** What a screen reader and a label call a character. */
export function nameOf(character: string): string {
  return character === '\n' ? 'newline' : character === ' ' ? 'space' : character;
}

/** float32 `[characters]`: how strong a feature is at each. */
export function activationsOf({ starts, features, values }: Reading, feature: number): Float32Array {
  return Float32Array.from({ length: starts.length - 1 }, (_, place) => {
    const at = features.subarray(starts[place], starts[place + 1]).indexOf(feature);
    return at < 0 ? 0 : values[starts[place] + at];
  });
}

function placeAfter(key: string, place: number, cells: readonly HTMLElement[]): number | null {
  const last = cells.length - 1;
  if (key === 'ArrowRight') return Math.min(place + 1, last);
  if (key === 'ArrowLeft') return Math.max(place - 1, 0);
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  if (key === 'ArrowDown') return inNextLine(place, cells, 1);
  return key === 'ArrowUp' ? inNextLine(place, cells, -1) : null;
}

/** The nearest character of the line below (1) or above (-1). */
function inNextLine(place: number, cells: readonly HTMLElement[], direction: 1 | -1): number {
  const { offsetTop, offsetLeft } = cells[place];
  let best = place;
  for (let i = place; i >= 0 && i < cells.length; i += direction) {
    if (cells[i].offsetTop === offsetTop) continue;
    if (best !== place && cells[i].offsetTop !== cells[best].offsetTop) break;
    const isNearer = Math.abs(cells[i].offsetLeft - offsetLeft) < Math.abs(cells[best].offsetLeft - offsetLeft);
    if (best === place || isNearer) best = i;
  }
  return best;
}
