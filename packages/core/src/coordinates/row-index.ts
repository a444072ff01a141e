import type { HostArena } from '../wasm/host-memory.js';
import { indexKernels } from './index-kernels.js';
import type { KeySpace } from './key-space.js';

/** Sorted keys of one side in the arena, with their rows and slabs (see pair-rows.as.ts). */
export interface RowIndex {
  /** u64[count + 1]; the last one is greater than all. */
  readonly keys: number;
  readonly count: number;
  readonly rowCount: number;
  /** i32[rowCount + 1]. */
  readonly rowStarts: number;
  /** What `pairRows` reads: pointers of slab keys, slab starts and row cells, and the number of slabs. */
  readonly slabs: number;
}

export function rowIndex(arena: HostArena, space: KeySpace, keys: number, count: number): RowIndex {
  const [cellBits, lastBits] = lastTwoWidths(space);
  const rowCells = arena.alloc(count * 4);
  const rowStarts = arena.alloc((count + 1) * 4);
  const slabKeys = arena.alloc((count + 1) * 8);
  const slabStarts = arena.alloc((count + 1) * 4);
  const counts = arena.alloc(8);
  indexKernels().listRows(keys, count, lastBits, cellBits, rowCells, rowStarts, slabKeys, slabStarts, counts);
  const [rowCount, slabCount] = arena.int32(counts, 2);
  const slabs = arena.alloc(16);
  arena.int32(slabs, 4).set([slabKeys, slabStarts, rowCells, slabCount]);
  return { keys, count, rowCount, rowStarts, slabs };
}

/** Bits of the axis before the last (0 when there is none: a row is then a cloud) and of the last. */
export function lastTwoWidths({ masks }: KeySpace): [cellBits: number, lastBits: number] {
  const bits = masks.map((mask) => 32 - Math.clz32(mask));
  return [bits.length > 2 ? bits[bits.length - 2] : 0, bits[bits.length - 1]];
}
