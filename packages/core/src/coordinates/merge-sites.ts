import type { HostArena } from '../wasm/host-memory.js';
import { indexKernels } from './index-kernels.js';
import type { KernelGeometry } from './kernel-geometry.js';
import { behind, displacement, lastTwoTaps, oneTap, slabSteps, type AxisTaps } from './kernel-steps.js';
import { keyStep, type KeySpace } from './key-space.js';
import { lastTwoWidths, type RowIndex } from './row-index.js';

/** Pairs of one offset in the arena: pointers of input sites and output sites, both ascending. */
export interface PairsInArena {
  readonly inputs: number;
  readonly outputs: number;
  readonly count: number;
}

/** Finds the pairs of any convolution. Queries are the keys of `stride * output`. */
export class SiteMerge {
  readonly #cellBits: number;
  readonly #lastBits: number;
  /** Steps of the axes before the last two, one per combination of their taps. */
  readonly #slabSteps: readonly bigint[];
  /** Displacements of a kernel that is no box, in order of k. */
  readonly #listed: readonly (readonly number[])[] | null;
  readonly #cellTaps: AxisTaps;
  readonly #siteTaps: AxisTaps;
  /** i32[cells of a slab], for `pairRows`. */
  readonly #table: number;
  /** i32[cell taps, 2, query rows + 1]. */
  readonly #rowLists: number;
  /** i32[site taps, 2, queries + 1]. */
  readonly #siteLists: number;
  /** i32[most taps of an axis]. */
  readonly #counts: number;

  constructor(
    readonly arena: HostArena,
    readonly space: KeySpace,
    readonly inputs: RowIndex,
    readonly queries: RowIndex,
    geometry: KernelGeometry,
  ) {
    [this.#cellBits, this.#lastBits] = lastTwoWidths(space);
    this.#listed = geometry.taps?.map((tap) => displacement(tap, geometry)) ?? null;
    this.#slabSteps = this.#listed ? [] : slabSteps(space, geometry);
    [this.#cellTaps, this.#siteTaps] = this.#listed ? [oneTap(0), oneTap(0)] : lastTwoTaps(geometry);
    this.#table = arena.alloc(4 << this.#cellBits);
    arena.int32(this.#table, 1 << this.#cellBits).fill(0);
    this.#rowLists = arena.alloc(this.#cellTaps.count * 2 * (queries.rowCount + 1) * 4);
    this.#siteLists = arena.alloc(this.#siteTaps.count * 2 * (queries.count + 1) * 4);
    this.#counts = arena.alloc(Math.max(this.#cellTaps.count, this.#siteTaps.count) * 4);
  }

  /** Pairs of all offsets, in order of k. */
  allOffsets(): PairsInArena[] {
    if (this.#listed) return this.#offsets(this.#listed);
    return this.#slabSteps.flatMap((step) => this.#slab(step, this.#cellTaps));
  }

  /** Pairs of the offsets behind the centre of a centred kernel, in order of k. */
  behindCentre(): PairsInArena[] {
    if (this.#listed) return this.#offsets(this.#listed.slice((this.#listed.length + 1) / 2));
    const slabsBehind = this.#slabSteps.slice((this.#slabSteps.length + 1) / 2);
    return [
      ...this.#centreRow(behind(this.#siteTaps)),
      ...this.#slab(0n, behind(this.#cellTaps)),
      ...slabsBehind.flatMap((step) => this.#slab(step, this.#cellTaps)),
    ];
  }

  /** Pairs of displacements, one after the other. */
  #offsets(displacements: readonly (readonly number[])[]): PairsInArena[] {
    return displacements.flatMap((cells) => {
      const [cell, last] = [cells.at(-2) ?? 0, cells[cells.length - 1]];
      return this.#slab(keyStep(this.space, cells.slice(0, -2)), oneTap(cell), oneTap(last));
    });
  }

  /** Pairs of all offsets that share a slab step: first of rows, then of the sites of paired rows. */
  #slab(slabStep: bigint, taps: AxisTaps, siteTaps = this.#siteTaps): PairsInArena[] {
    const { arena, inputs, queries } = this;
    if (taps.count === 0) return [];
    const capacity = queries.rowCount + 1;
    indexKernels().pairRows(
      queries.slabs,
      inputs.slabs,
      slabStep >> BigInt(this.#cellBits + this.#lastBits),
      taps.first,
      taps.count,
      taps.dilation,
      this.#table,
      capacity,
      this.#rowLists,
      this.#counts,
    );
    return [...arena.int32(this.#counts, taps.count)].flatMap((rowPairs, tap) => {
      const inputRows = this.#rowLists + 2 * tap * capacity * 4;
      const cellStep = BigInt(taps.first + tap * taps.dilation) << BigInt(this.#lastBits);
      return this.#sites(inputRows, inputRows + capacity * 4, rowPairs, slabStep + cellStep, siteTaps);
    });
  }

  /** Pairs of the offsets in the row of the centre itself. */
  #centreRow(taps: AxisTaps): PairsInArena[] {
    const { arena, queries } = this;
    if (taps.count === 0) return [];
    if (taps.count > 1 || taps.dilation > 1) {
      const rows = arena.alloc(queries.rowCount * 4);
      const indices = arena.int32(rows, queries.rowCount);
      for (let row = 0; row < indices.length; row++) indices[row] = row;
      return this.#sites(rows, rows, queries.rowCount, 0n, taps);
    }
    // The only neighbour at +1 is the next site or none.
    const inputs = arena.alloc(queries.count * 4);
    const outputs = arena.alloc(queries.count * 4);
    return [{ inputs, outputs, count: indexKernels().pairAdjacent(queries.keys, queries.count, inputs, outputs) }];
  }

  /** Pairs of the sites of paired rows, one list per tap of the last axis. */
  #sites(inputRows: number, queryRows: number, rowPairs: number, step: bigint, taps: AxisTaps): PairsInArena[] {
    const { arena, inputs, queries } = this;
    const capacity = queries.count + 1;
    const sides = [queries.keys, queries.rowStarts, inputs.keys, inputs.rowStarts] as const;
    const firstStep = step + BigInt(taps.first);
    const lists = this.#siteLists;
    const { pairSitesAtTaps } = indexKernels();
    const { count, dilation } = taps;
    pairSitesAtTaps(
      ...sides,
      inputRows,
      queryRows,
      rowPairs,
      firstStep,
      capacity,
      lists,
      this.#counts,
      count,
      dilation,
    );
    return [...arena.int32(this.#counts, taps.count)].map((count, tap) => {
      const pairs = { inputs: arena.alloc(count * 4), outputs: arena.alloc(count * 4), count };
      const list = lists + 2 * tap * capacity * 4;
      arena.int32(pairs.inputs, count).set(arena.int32(list, count));
      arena.int32(pairs.outputs, count).set(arena.int32(list + capacity * 4, count));
      return pairs;
    });
  }
}
