import type { ViewHost } from '../../src/demo.js';
import { make } from '../../src/shell/element.js';
import type { DenseAndSparse, SaeKind, Task, Times, Timing } from './tasks.js';

const timedCharacters = 1024;

/** How long dense and sparse encoding and decoding take on this machine. */
export class TimesTable {
  readonly #button = make('button', { type: 'button', className: 'button' }, 'Measure');
  readonly #result = make('div');
  readonly element = make(
    'section',
    { className: 'panel' },
    make('h2', { id: 'times-title' }, 'Dense and sparse times'),
    make(
      'p',
      { className: 'hint' },
      'Dense: all products and tf.topk; the product of the whole code with the decoder. Sparse: encodeTopK; sparseDecode of ' +
        'the active features alone.',
    ),
    this.#button,
    this.#result,
  );

  /** The one whose times are waited for or shown. */
  #asked: Timing | null = null;

  constructor(host: ViewHost<Task>, asked: () => { readonly kind: SaeKind; readonly text: string }) {
    this.element.setAttribute('aria-labelledby', 'times-title');
    this.#button.addEventListener('click', () => {
      const { kind, text } = asked();
      const repeated = text.repeat(Math.ceil(timedCharacters / text.length)).slice(0, timedCharacters);
      this.#asked = { task: 'time', name: 'Measuring dense and sparse times', text: repeated, kind };
      host.run(this.#asked);
    });
  }

  clear(): void {
    this.#asked = null;
    this.#result.replaceChildren();
  }

  show(task: Timing, { characters, features, width, k, runs, encode, decode }: Times, backend: string): void {
    if (task !== this.#asked) return; // of the other autoencoder or backend
    const caption =
      `${characters.toLocaleString('en')} characters of ${width} numbers, ${features.toLocaleString('en')} features, ` +
      `${k} active, on ${backend}; medians of ${runs} interleaved runs`;
    const cells = (tag: 'th' | 'td', texts: readonly string[]) => texts.map((text) => make(tag, {}, text));
    this.#result.replaceChildren(
      make(
        'table',
        {},
        make('caption', {}, caption),
        make('thead', {}, make('tr', {}, ...cells('th', ['', 'dense', 'sparse', 'dense / sparse']))),
        make('tbody', {}, row('encode', encode), row('decode', decode)),
      ),
    );
  }
}

function row(name: string, { dense, sparse }: DenseAndSparse): HTMLElement {
  const cells = [`${dense.toFixed(2)} ms`, `${sparse.toFixed(2)} ms`, (dense / sparse).toFixed(1)];
  return make('tr', {}, make('th', { scope: 'row' }, name), ...cells.map((text) => make('td', {}, text)));
}
