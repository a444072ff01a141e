/** How the rows of one group become one row: the points of a site (voxelize) or the sites of a cloud (global pooling). */
export type ReductionMode = 'mean' | 'sum' | 'max' | 'first';

/**
 * @param x      `[rows][channels]`
 * @param group  the group of each row
 * @returns      `[groups][channels]`; an empty group gives 0, a NaN makes the maximum NaN
 */
export function reduceRows(
  x: readonly (readonly number[])[],
  group: readonly number[],
  groupCount: number,
  channels: number,
  mode: ReductionMode,
): number[][] {
  return Array.from({ length: groupCount }, (_, g) => {
    const members = x.filter((_row, row) => group[row] === g);
    return Array.from({ length: channels }, (_c, c) =>
      reduce(
        members.map((row) => row[c]),
        mode,
      ),
    );
  });
}

/** The gradient of sum(y * dy) to x: where each output came from. Equal maxima share it evenly. */
export function reduceRowsGradient(
  dy: readonly (readonly number[])[],
  x: readonly (readonly number[])[],
  group: readonly number[],
  mode: ReductionMode,
): number[][] {
  return x.map((values, row) => {
    const members = x.flatMap((_, other) => (group[other] === group[row] ? [other] : []));
    return values.map((_, c) => {
      const upstream = dy[group[row]][c];
      if (mode === 'sum') return upstream;
      if (mode === 'mean') return upstream / members.length;
      if (mode === 'first') return row === members[0] ? upstream : 0;
      const highest = maximum(members.map((member) => x[member][c]));
      const winners = members.filter((member) => x[member][c] === highest);
      return winners.includes(row) ? upstream / winners.length : 0;
    });
  });
}

function reduce(values: readonly number[], mode: ReductionMode): number {
  if (values.length === 0) return 0;
  if (mode === 'first') return values[0];
  if (mode === 'max') return maximum(values);
  const total = values.reduce((sum, value) => sum + value, 0);
  return mode === 'sum' ? total : total / values.length;
}

function maximum(values: readonly number[]): number {
  return values.some(Number.isNaN) ? NaN : Math.max(...values);
}
