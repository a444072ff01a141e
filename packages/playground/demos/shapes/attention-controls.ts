import { make } from '../../src/shell/element.js';

export const pictures = ['height', 'windows', 'groups', 'attention'] as const;

/** What the colours of the points say. */
export type Picture = (typeof pictures)[number];

const blockCount = 3; // of the network of shapes-flatformer
const layerCount = 4; // of each block

/** What the colours say, and which layer of the transformer they are of. */
export class AttentionControls {
  readonly #pictures = make('fieldset', { className: 'pictures' });
  readonly #block = numberSelect('block', blockCount);
  readonly #layer = numberSelect('layer', layerCount);
  readonly #words = make('p', { className: 'hint', role: 'status' });
  readonly element = make(
    'section',
    { className: 'layers' },
    make('h2', { id: 'layers-title' }, 'What the colours show'),
    this.#pictures,
    make('div', { className: 'place' }, labelled('Transformer block', this.#block), labelled('Layer', this.#layer)),
    this.#words,
  );

  constructor(onPicture: () => void, onPlace: () => void) {
    this.element.setAttribute('aria-labelledby', 'layers-title');
    this.#pictures.append(...pictures.map(radio));
    this.#pictures.setAttribute('aria-labelledby', 'layers-title');
    this.#pictures.addEventListener('change', onPicture);
    this.#block.addEventListener('change', onPlace);
    this.#layer.addEventListener('change', onPlace);
  }

  get picture(): Picture {
    const radios = [...this.#pictures.querySelectorAll('input')];
    return pictures[radios.findIndex(({ checked }) => checked)];
  }

  set picture(picture: Picture) {
    this.#pictures.querySelectorAll('input')[pictures.indexOf(picture)].checked = true;
  }

  /** From 0, as the network counts. */
  get block(): number {
    return this.#block.selectedIndex;
  }

  get layer(): number {
    return this.#layer.selectedIndex;
  }

  /** Says in words what the colours show. */
  say(words: string): void {
    if (this.#words.textContent !== words) this.#words.textContent = words; // a live region tells every change
  }
}

function radio(picture: Picture): HTMLLabelElement {
  const input = make('input', { type: 'radio', name: 'picture', value: picture, checked: picture === 'height' });
  return make('label', {}, input, picture);
}

function numberSelect(name: string, count: number): HTMLSelectElement {
  const options = Array.from({ length: count }, (_, i) => make('option', { value: String(i) }, String(i)));
  return make('select', { className: 'button', id: `place-${name}` }, ...options);
}

function labelled(text: string, select: HTMLSelectElement): HTMLElement {
  return make('label', { htmlFor: select.id }, text, select);
}
