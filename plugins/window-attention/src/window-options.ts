import { integersPerAxis, windowShifts, windowSizes } from '@tfjs-sparse/core';

export interface WindowOptions {
  /** Cells of a window on each axis. */
  readonly windowSize: readonly number[];
  /** Added to the coordinates on each axis before they are divided into windows; default 0. */
  readonly shift?: readonly number[];
}

/** The options as core takes them; in the name of `op` a RangeError unless they have an integer in range for each axis. */
export function checkedWindows(
  op: string,
  { windowSize, shift }: WindowOptions,
  rank: number,
): { readonly size: readonly number[]; readonly shift: readonly number[] } {
  return {
    size: integersPerAxis(op, 'windowSize', windowSize, rank, windowSizes),
    shift: integersPerAxis(op, 'shift', shift, rank, windowShifts),
  };
}
