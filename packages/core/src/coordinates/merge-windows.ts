import type { HostArena } from '../wasm/host-memory.js';
import { blockBits, type BlockIndex } from './block-index.js';
import { indexKernels } from './index-kernels.js';
import type { KernelGeometry } from './kernel-geometry.js';
import { behind, lastTwoTaps, slabSteps, type AxisTaps } from './kernel-steps.js';
import type { KeySpace } from './key-space.js';
import type { PairsInArena } from './merge-sites.js';
import { lastTwoWidths } from './row-index.js';

/** Finds the pairs of a box with three neighbouring taps on the last axis. Queries are the keys of `stride * output`. */
export class WindowMerge {
  readonly #lastBits: number;
  readonly #slabSteps: readonly bigint[];
  readonly #cellTaps: AxisTaps;
  /** Displacement of the first of the three taps. */
  readonly #firstTap: number;
  /** u32[blocks of a slab], pointers of block 0. */
  readonly #table: number;
  /** Windows as `findWindows` lists them: [cell taps, queries + 1]. */
  readonly #windows: number;
  /** i32[cell taps, at least 3]. */
  readonly #counts: number;

  constructor(
    readonly arena: HostArena,
    readonly cellBits: number,
    readonly inputs: BlockIndex,
    readonly queries: BlockIndex,
    space: KeySpace,
    geometry: KernelGeometry,
  ) {
    const [cellTaps, { first }] = lastTwoTaps(geometry);
    this.#lastBits = lastTwoWidths(space)[1];
    this.#slabSteps = slabSteps(space, geometry);
    this.#cellTaps = cellTaps;
    this.#firstTap = first;
    this.#table = arena.alloc(4 << cellBits);
    arena.int32(this.#table, 1 << cellBits).fill(inputs.blocks);
    this.#windows = arena.alloc(cellTaps.count * (queries.count + 1) * 8);
    this.#counts = arena.alloc(Math.max(cellTaps.count, 3) * 4);
  }

  /** Pairs of all offsets, in order of k. */
  allOffsets(): PairsInArena[] {
    return this.#slabSteps.flatMap((step) => this.#slab(step, this.#cellTaps));
  }

  /** Pairs of the offsets behind the centre of a centred kernel, in order of k. */
  behindCentre(): PairsInArena[] {
    const slabsBehind = this.#slabSteps.slice((this.#slabSteps.length + 1) / 2);
    return [
      this.#adjacent(),
      ...this.#slab(0n, behind(this.#cellTaps)),
      ...slabsBehind.flatMap((step) => this.#slab(step, this.#cellTaps)),
    ];
  }

  /** The only neighbour at +1 is the next site or none. */
  #adjacent(): PairsInArena {
    const { arena, queries } = this;
    const inputs = arena.alloc(queries.count * 4);
    const outputs = arena.alloc(queries.count * 4);
    return { inputs, outputs, count: indexKernels().pairAdjacent(queries.keys, queries.count, inputs, outputs) };
  }

  /** Pairs of all offsets that share a slab step. */
  #slab(slabStep: bigint, { first, count, dilation }: AxisTaps): PairsInArena[] {
    const { arena, cellBits, inputs, queries } = this;
    if (count === 0) return [];
    const capacity = queries.count + 1;
    const step = Number(BigInt.asIntN(32, slabStep)) + (first << this.#lastBits) + this.#firstTap;
    const cellStep = (dilation << this.#lastBits) >> blockBits;
    indexKernels().findWindows(
      queries.record,
      inputs.record,
      cellBits,
      slabStep >> BigInt(cellBits + blockBits),
      step,
      cellStep * 4,
      count,
      this.#table,
      capacity,
      this.#windows,
      this.#counts,
    );
    return [...arena.int32(this.#counts, count)].flatMap((end, tap) => {
      const windows = this.#windows + tap * capacity * 8;
      return this.#windowPairs(windows, ((end >>> 0) - windows) / 8, step);
    });
  }

  #windowPairs(windows: number, windowCount: number, step: number): PairsInArena[] {
    const { arena, queries } = this;
    const listBytes = (windowCount + 1) * 4;
    const lists = arena.alloc(3 * 2 * listBytes);
    indexKernels().pairWindows(windows, windowCount, queries.keys, step, lists, this.#counts);
    return [...arena.int32(this.#counts, 3)].map((count, tap) => {
      const list = lists + 2 * tap * listBytes;
      return { inputs: list, outputs: list + listBytes, count };
    });
  }
}
