import { hasRelaxedSimd, seededRandom } from '@tfjs-sparse/core';
import { binaries, type Exports } from './wasm-binaries.js';

const pageBytes = 1 << 16;
const histogramsBytes = 6 * (4 << 11);

/** Sorts `count` random 64-bit integers by core's kernels, in memory of their own. */
export function sortOf(count: number): () => void {
  const bytes = Uint8Array.from(atob(hasRelaxedSimd() ? binaries.relaxed : binaries.simd), (c) => c.charCodeAt(0));
  const [given, sorted, spare, histograms] = [0, 1, 2, 3].map((list) => list * count * 8);
  const memory = new WebAssembly.Memory({
    initial: Math.ceil((histograms + histogramsBytes) / pageBytes),
    maximum: 65536,
  });
  const random = seededRandom(1);
  const halves = new Uint32Array(memory.buffer, given, 2 * count);
  for (let i = 0; i < halves.length; i++) halves[i] = random() * 2 ** 32;
  const { exports }: { readonly exports: unknown } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { memory },
  });
  const { sortValues } = exports as Exports;
  const sort = (): void => sortValues(given, sorted, spare, count, histograms);
  sort();
  const values = new BigUint64Array(memory.buffer, sorted, count);
  if (values.some((value, i) => i > 0 && value < values[i - 1])) throw new Error('internal: sortValues must sort');
  return sort;
}
