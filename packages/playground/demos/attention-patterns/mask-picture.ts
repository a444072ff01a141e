import { make } from '../../src/shell/element.js';
import { drawMask } from './draw-mask.js';
import { seenBlocks, turnBlock } from './seen-blocks.js';
import { blocksAcross, blockSize, plainSettings, type BlockPlace, type Settings } from './settings.js';
import type { Tally } from './tally-mask.js';
import { edgeNear, withEdgeAt, type Edge, type Place } from './window-edges.js';

const reach = { mouse: 10, touch: 28 }; // CSS pixels
const steps: Readonly<Record<string, BlockPlace>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The matrix of queries and keys; its window is dragged, its blocks are clicked. */
export class MaskPicture {
  readonly #canvas = make('canvas', { tabIndex: 0 });
  readonly #lastKey = make('span');
  readonly #lastQuery = make('span');
  readonly #block = make('p', { className: 'hint', role: 'status' });
  readonly element = make(
    'figure',
    { className: 'mask' },
    make('div', { className: 'keys' }, make('span', {}, '0'), make('span', {}, 'keys →'), this.#lastKey),
    make('div', { className: 'queries' }, make('span', {}, '0'), make('span', {}, 'queries ↓'), this.#lastQuery),
    this.#canvas,
  );
  readonly note = make(
    'div',
    {},
    make(
      'p',
      { className: 'hint' },
      'Blue: pairs that are seen, paler where only some of a cell are. Orange: the edges of the window, to be dragged ' +
        'sideways. A click turns a block of 64 on or off; so do the arrow keys and Enter.',
    ),
    this.#block,
  );
  #settings: Settings = plainSettings;
  #tally: Tally | null = null;
  #cursor: BlockPlace | null = null;
  #dragged: Edge | null = null;
  /** Whether the click that ends a press is that of a drag. */
  #wasDragged = false;

  constructor(private readonly change: (settings: Settings) => void) {
    this.#canvas.setAttribute('role', 'application');
    this.#canvas.addEventListener('pointerdown', (event) => this.#press(event));
    this.#canvas.addEventListener('pointermove', (event) => this.#move(event));
    for (const type of ['pointerup', 'pointercancel'] as const)
      this.#canvas.addEventListener(type, () => (this.#dragged = null));
    this.#canvas.addEventListener('click', (event) => this.#click(event));
    this.#canvas.addEventListener('keydown', (event) => this.#type(event));
  }

  show(settings: Settings, tally: Tally): void {
    this.#settings = settings;
    this.#tally = tally;
    const last = (settings.tokens - 1).toLocaleString('en');
    this.#lastKey.textContent = this.#lastQuery.textContent = last;
    const share = ((100 * tally.pairs) / settings.tokens ** 2).toFixed(1);
    this.#canvas.setAttribute('aria-label', `The mask: ${share} % of the pairs of queries and keys are seen`);
    const most = blocksAcross(settings) - 1;
    if (this.#cursor) this.#cursor = [Math.min(this.#cursor[0], most), Math.min(this.#cursor[1], most)];
    this.#draw();
  }

  #draw(): void {
    if (this.#tally) drawMask(this.#canvas, this.#settings, this.#tally, this.#cursor);
    this.#block.textContent = this.#cursor ? blockText(this.#settings, this.#cursor) : '';
  }

  #press(event: PointerEvent): void {
    this.#dragged = this.#edgeAt(event);
    if (this.#dragged) this.#canvas.setPointerCapture(event.pointerId);
    this.#wasDragged = this.#dragged !== null;
  }

  #move(event: PointerEvent): void {
    if (this.#dragged) this.change(withEdgeAt(this.#settings, this.#dragged, this.#placeOf(event)));
    else this.#canvas.classList.toggle('at-edge', this.#edgeAt(event) !== null);
  }

  #click(event: MouseEvent): void {
    if (this.#wasDragged) return;
    const { query, key } = this.#placeOf(event);
    this.#turn([Math.floor(query / blockSize), Math.floor(key / blockSize)]);
  }

  #type(event: KeyboardEvent): void {
    const most = blocksAcross(this.#settings) - 1;
    const within = (index: number) => Math.min(Math.max(index, 0), most);
    const [row, column] = this.#cursor ?? [0, 0];
    const step = steps[event.key];
    if (step) this.#cursor = this.#cursor ? [within(row + step[0]), within(column + step[1])] : [0, 0];
    else if (event.key === 'Enter' || event.key === ' ') this.#turn([row, column]);
    else return;
    event.preventDefault();
    this.#draw();
  }

  #turn(block: BlockPlace): void {
    this.#cursor = block;
    this.change(turnBlock(this.#settings, block));
  }

  #edgeAt(event: PointerEvent): Edge | null {
    const pixels = event.pointerType === 'touch' ? reach.touch : reach.mouse;
    const keys = (pixels * this.#settings.tokens) / this.#canvas.clientWidth;
    return edgeNear(this.#settings, this.#placeOf(event), keys);
  }

  #placeOf({ clientX, clientY }: MouseEvent): Place {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const { tokens } = this.#settings;
    const token = (share: number) => Math.min(Math.max(Math.floor(share * tokens), 0), tokens - 1);
    return { query: token((clientY - top) / height), key: token((clientX - left) / width) };
  }
}

function blockText(settings: Settings, [row, column]: BlockPlace): string {
  const isOn = seenBlocks(settings)[row].includes(column);
  const span = (index: number) => `${index * blockSize} to ${Math.min((index + 1) * blockSize, settings.tokens) - 1}`;
  const cut = settings.causal && column > row ? ', cut as its keys come after its queries' : '';
  return `The block of queries ${span(row)} and keys ${span(column)} is ${isOn ? 'on' : 'off'}${cut}.`;
}
