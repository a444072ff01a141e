import type { HostArena } from '../wasm/host-memory.js';
import { indexKernels } from './index-kernels.js';
import { bitsFor } from './key-space.js';

/** Keys of sites in the arena. */
export interface KeyList {
  /** u64[count], ascending, below 2^bits. */
  readonly keys: number;
  readonly count: number;
  readonly bits: number;
}

/**
 * Writes i32[count] at `found`: the site of each key, or -1.
 *
 * @param keys u64[count] below 2^bits, or u64.MAX_VALUE for no site
 */
export function findKeys(arena: HostArena, sites: KeyList, keys: number, count: number, found: number): void {
  const kernels = indexKernels();
  const startBits = Math.min(sites.bits, bitsFor(sites.count)); // as many starts as sites: few sites share one
  const starts = arena.alloc((2 ** startBits + 1) * 4);
  kernels.startKeys(sites.keys, sites.count, sites.bits - startBits, 2 ** startBits, starts);
  kernels.findKeys(keys, count, sites.keys, sites.bits - startBits, starts, found);
}
