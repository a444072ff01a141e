import type { HostArena } from '../wasm/host-memory.js';
import { indexKernels } from './index-kernels.js';
import type { KeySpace } from './key-space.js';
import { lastTwoWidths } from './row-index.js';

/** Sorted keys of one side in the arena, with their blocks and slabs (see block-index.as.ts). */
export interface BlockIndex {
  /** u64[count + 1]; the last one is greater than all. */
  readonly keys: number;
  readonly count: number;
  readonly blocks: number;
  /** What `findWindows` reads. */
  readonly record: number;
}

export const blockBits = 5; // 32 keys; a mask also holds the two behind them
const blockBytes = 16;
const cellBitsLimit = 18; // a table of 1 MB; wider slabs go without blocks

/** Bits of the position of a block in its slab; null where rows are less than a block or slabs too wide for the table. */
export function blockCellBits(space: KeySpace): number | null {
  const [cellBits, lastBits] = lastTwoWidths(space);
  const bits = cellBits + lastBits - blockBits;
  return lastBits >= blockBits && bits <= cellBitsLimit ? bits : null;
}

export function blockIndex(
  arena: HostArena,
  space: KeySpace,
  cellBits: number,
  keys: number,
  count: number,
): BlockIndex {
  const slabLimit = Math.min(2 * count, 2 ** (space.bits - cellBits - blockBits)) + 1;
  const blocks = arena.alloc((2 * count + 1) * blockBytes);
  const slabKeys = arena.alloc(slabLimit * 8);
  const slabBlocks = arena.alloc(slabLimit * 4);
  const slabSites = arena.alloc(slabLimit * 4);
  const slabCount = indexKernels().listBlocks(keys, count, cellBits, blocks, slabKeys, slabBlocks, slabSites);
  const record = arena.alloc(24);
  arena.int32(record, 6).set([keys, blocks, slabKeys, slabBlocks, slabSites, slabCount]);
  return { keys, count, blocks, record };
}
