import type { HostArena } from '../wasm/host-memory.js';
import type { IndexKernels } from './index-kernels.js';
import type { OffsetPairs } from './reference.js';

/** u64[count + 1] in the arena, ascending; the last one is greater than all keys of sites. */
export interface SortedKeys {
  readonly pointer: number;
  readonly count: number;
}

/** The offsets of one row: `taps` of them on the last axis, `dilation` apart. */
export interface RowTaps {
  readonly taps: number;
  readonly dilation: number;
}

/** Lists of one row in the arena: i32[taps, 2, capacity], the first counts[tap] of each filled. */
interface RowLists {
  readonly pointer: number;
  readonly capacity: number;
  readonly counts: readonly number[];
}

/**
 * Pairs of whole rows, tap by tap; views of the arena, valid until its next allocation.
 *
 * @param firstSteps what the first offset of each row adds to a key
 */
export function mergeRows(
  kernels: IndexKernels,
  arena: HostArena,
  keys: SortedKeys,
  queries: SortedKeys,
  firstSteps: readonly bigint[],
  rowTaps: RowTaps,
): OffsetPairs[] {
  const queryEnd = queries.pointer + queries.count * 8;
  const windows = [0, 1].map(() => arena.alloc((queries.count + 1) * 8));
  const ends = arena.alloc(8);
  const width = windowWidth(rowTaps);
  const lists: RowLists[] = [];
  for (let row = 0; row < firstSteps.length; row += 2) {
    const pair = firstSteps.slice(row, row + 2);
    const windowEnds =
      pair.length === 1
        ? [kernels.findRowWindows(queries.pointer, queryEnd, keys.pointer, pair[0], width, windows[0])]
        : (kernels.findTwoRowWindows(
            queries.pointer,
            queryEnd,
            keys.pointer,
            pair[0],
            pair[1],
            width,
            windows[0],
            windows[1],
            ends,
          ),
          [...arena.int32(ends, 2)]);
    pair.forEach((step, i) => {
      lists.push(resolveWindows(kernels, arena, keys, queries, step, windows[i], windowEnds[i] >>> 0, rowTaps));
    });
  }
  return lists.flatMap((row) => viewsOf(arena, row));
}

/** Pairs of one row. The only neighbour at +1 needs no windows: it is the next key or none. */
export function mergeRow(
  kernels: IndexKernels,
  arena: HostArena,
  keys: SortedKeys,
  queries: SortedKeys,
  firstStep: bigint,
  rowTaps: RowTaps,
): OffsetPairs[] {
  if (keys !== queries || firstStep !== 1n || rowTaps.taps > 1) {
    return mergeRows(kernels, arena, keys, queries, [firstStep], rowTaps);
  }
  const pointer = arena.alloc(2 * keys.count * 4);
  const count = kernels.pairAdjacent(keys.pointer, keys.count, pointer, pointer + keys.count * 4);
  return viewsOf(arena, { pointer, capacity: keys.count, counts: [count] });
}

function windowWidth({ taps, dilation }: RowTaps): number {
  return dilation * (taps - 1) + 1;
}

/** Sorts the keys in the windows of one row to their taps. */
function resolveWindows(
  kernels: IndexKernels,
  arena: HostArena,
  keys: SortedKeys,
  queries: SortedKeys,
  step: bigint,
  windows: number,
  windowEnd: number,
  { taps, dilation }: RowTaps,
): RowLists {
  const capacity = (windowEnd - windows) / 8 + 1; // branchless kernels write one entry behind the last
  const pointer = arena.alloc(taps * 2 * capacity * 4);
  const counts = arena.alloc(taps * 4);
  if (taps === 3 && dilation === 1) {
    kernels.resolveThreeTaps(queries.pointer, keys.pointer, step, windows, windowEnd, capacity, pointer, counts);
  } else {
    kernels.resolveTaps(
      queries.pointer,
      keys.pointer,
      step,
      windows,
      windowEnd,
      taps,
      dilation,
      capacity,
      pointer,
      counts,
    );
  }
  return { pointer, capacity, counts: [...arena.int32(counts, taps)] };
}

function viewsOf(arena: HostArena, { pointer, capacity, counts }: RowLists): OffsetPairs[] {
  return counts.map((count, tap) => ({
    inputs: arena.int32(pointer + 2 * tap * capacity * 4, count),
    outputs: arena.int32(pointer + (2 * tap + 1) * capacity * 4, count),
  }));
}
