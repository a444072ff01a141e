import { markKeys } from './mark-keys.js';
import type { DrawnPattern } from './mask-pattern.js';
import { channels, type Settings } from './settings.js';

/** How much of the matrix of tokens x tokens a mask sees. */
export interface Tally {
  readonly pairs: number;
  /** Pairs in the panels that kernels take whole: of 8 queries and 4 keys (cpu, wasm), of 64 queries and a key (webgpu). */
  readonly panelPairs: { readonly wasm: number; readonly webgpu: number };
  /** Queries and keys of a cell of the picture. */
  readonly cellSize: number;
  /** Rows and columns of `counts`. */
  readonly cells: number;
  /** int32 `[cells, cells]`: the pairs that are seen in each cell, queries downwards */
  readonly counts: Int32Array;
}

// plugins/window-attention/README.md
const wasmPanel = { queries: 8, keys: 4 };
const webgpuPanel = { queries: 64, keys: 1 };

/** @param cellSize at most 255 */
export function tallyMask(pattern: DrawnPattern, tokens: number, cellSize: number): Tally {
  const cells = Math.ceil(tokens / cellSize);
  const counts = new Int32Array(cells * cells);
  const row = new PackedRow(tokens);
  const [ofCell, ofWasm, ofWebgpu] = [new PackedRow(tokens), new PackedRow(tokens), new PackedRow(tokens)];
  let [pairs, wasm, webgpu] = [0, 0, 0];
  for (let query = 0; query < tokens; query++) {
    row.bytes.fill(0);
    markKeys(pattern, query, row.bytes);
    for (const sum of [ofCell, ofWasm, ofWebgpu]) sum.add(row);
    const isEndOf = (queries: number) => (query + 1) % queries === 0 || query === tokens - 1;
    if (isEndOf(cellSize)) {
      const first = Math.floor(query / cellSize) * cells;
      for (let key = 0; key < tokens; key++) {
        pairs += ofCell.bytes[key];
        counts[first + Math.floor(key / cellSize)] += ofCell.bytes[key];
      }
      ofCell.bytes.fill(0);
    }
    if (isEndOf(wasmPanel.queries)) {
      wasm += wasmPanel.queries * wasmPanel.keys * filled(ofWasm.words);
      ofWasm.bytes.fill(0);
    }
    if (isEndOf(webgpuPanel.queries)) {
      webgpu += webgpuPanel.queries * webgpuPanel.keys * filled(ofWebgpu.bytes);
      ofWebgpu.bytes.fill(0);
    }
  }
  return { pairs, panelPairs: { wasm, webgpu }, cellSize, cells, counts };
}

/** Multiplications of both products, of queries with keys and of shares with values. */
export function multiplications(pairs: number, { heads }: Settings): number {
  return 2 * pairs * channels * heads;
}

/** A byte for each key, added four at a time: sums stay below 256. */
class PackedRow {
  /** uint8 `[keys]` */
  readonly bytes: Uint8Array;
  /** uint32 `[keys / 4]`, the same */
  readonly words: Uint32Array;

  constructor(keys: number) {
    this.words = new Uint32Array(Math.ceil(keys / 4));
    this.bytes = new Uint8Array(this.words.buffer, 0, keys);
  }

  add({ words }: PackedRow): void {
    for (let i = 0; i < words.length; i++) this.words[i] += words[i];
  }
}

function filled(values: Uint8Array | Uint32Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) count++;
  return count;
}
