import { make } from '../../src/shell/element.js';
import type { Measurement } from './measure-pattern.js';
import { counted } from '../../src/numbers.js';
import { channels, type Settings } from './settings.js';
import { multiplications, type Tally } from './tally-mask.js';

/** Pairs and multiplications of a mask against dense attention, and how long both take here. */
export class CostTable {
  readonly #counts = make('tbody');
  readonly #times = make('tbody');
  readonly #said = make('p', { className: 'hint' });
  readonly #button = make('button', { type: 'button', className: 'button' }, 'Measure again');
  readonly element = make(
    'section',
    { className: 'panel costs' },
    make('h2', { id: 'costs-title' }, 'Cost and time'),
    make('table', {}, make('thead', {}, row('', 'dense', 'mask', 'share')), this.#counts, this.#times),
    this.#said,
    this.#button,
  );

  constructor(measureAgain: () => void) {
    this.element.setAttribute('aria-labelledby', 'costs-title');
    this.#said.setAttribute('role', 'status');
    this.#button.addEventListener('click', measureAgain);
  }

  showCounts(settings: Settings, { pairs, panelPairs }: Tally): void {
    const all = settings.tokens ** 2;
    const inMillions = (count: number) => `${(multiplications(count, settings) / 1e6).toFixed(1)} M`;
    const share = (count: number) => `${((100 * count) / all).toFixed(1)} %`;
    this.#counts.replaceChildren(
      row('Pairs seen', all.toLocaleString('en'), pairs.toLocaleString('en'), share(pairs)),
      row('Multiplications', inMillions(all), inMillions(pairs), share(pairs)),
      row('· panels 8 × 4 (cpu, wasm)', '', inMillions(panelPairs.wasm), share(panelPairs.wasm)),
      row('· panels 64 × 1 (webgpu)', '', inMillions(panelPairs.webgpu), share(panelPairs.webgpu)),
    );
  }

  /** Shows no times, and why. */
  showWaiting(reason: string): void {
    this.#times.replaceChildren(row('Time', '…', '…', '…'));
    this.#said.textContent = reason;
  }

  showTimes({ heads }: Settings, { device, sparse, dense, firstMs, difference }: Measurement): void {
    const share = `${((100 * sparse.ms) / dense.ms).toFixed(1)} %`;
    this.#times.replaceChildren(row('Time', duration(dense.ms), duration(sparse.ms), share));
    const runs = dense.runs === sparse.runs ? `${dense.runs} runs each` : `${dense.runs} and ${sparse.runs} runs`;
    const ofCpu = device === 'cpu' ? `There tfjs' ops are JavaScript, and blockSparseAttention WebAssembly. ` : '';
    this.#said.textContent =
      `${timesText(dense.ms / sparse.ms)} times as fast as dense attention on ${device}, by medians of ${runs} in ` +
      `turns, each with reading its result. ${counted(heads, 'head')} of ${channels} channels, by blockSparseAttention; ` +
      `dense by tfjs' ops head by head, all pairs, without a mask. ${ofCpu}The mask's ` +
      `first run, which prepares it, took ${duration(firstMs)}. Largest difference to dense attention with the same mask, at ` +
      `${difference.tokens} tokens: ${difference.largest.toExponential(1)}.`;
  }
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms.toPrecision(3)} ms` : `${(ms / 1000).toPrecision(3)} s`;
}

function row(name: string, ...cells: readonly string[]): HTMLTableRowElement {
  const first = make('th', { scope: name ? 'row' : 'col' }, name);
  return make('tr', {}, first, ...cells.map((text) => make(name ? 'td' : 'th', {}, text)));
}

function timesText(ratio: number): string {
  return ratio < 10 ? ratio.toFixed(1) : Math.round(ratio).toLocaleString('en');
}
