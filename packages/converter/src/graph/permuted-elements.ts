type Elements = Float32Array | Int32Array | Uint8Array;

/**
 * Elements with their axes in another order: axis i of the result is axis `axes[i]` of what is given.
 *
 * @param axes a permutation
 */
export function permutedElements<T extends Elements>(values: T, shape: readonly number[], axes: readonly number[]): T {
  const [lengths, order] = merged(shape, axes);
  if (order.every((axis, i) => axis === i)) return values.slice() as T;
  const result = new (values.constructor as new (length: number) => T)(values.length);
  if (order.length === 2) turnMatrix(values, result, lengths[0], lengths[1], 0);
  else if (order.length === 3 && order[0] === 0) {
    for (let i = 0; i < lengths[0]; i++)
      turnMatrix(values, result, lengths[1], lengths[2], i * lengths[1] * lengths[2]);
  } else gatherRuns(values, result, lengths, order);
  return result;
}

/** Neighbours that stay neighbours are one axis; those of length 1 are none. */
function merged(shape: readonly number[], axes: readonly number[]): [lengths: number[], order: number[]] {
  const runs: number[][] = [];
  for (const axis of axes.filter((each) => shape[each] !== 1)) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const isNext = last !== undefined && shape.slice(last + 1, axis).every((length) => length === 1) && axis > last;
    if (isNext) run!.push(axis);
    else runs.push([axis]);
  }
  const sorted = [...runs].sort(([a], [b]) => a - b);
  const lengths = sorted.map((run) => run.reduce((product, axis) => product * shape[axis], 1));
  return [lengths, runs.map((run) => sorted.indexOf(run))];
}

const tile = 32; // elements of a side: both sides of a tile stay in the first cache

function turnMatrix(from: Elements, to: Elements, rows: number, columns: number, start: number): void {
  for (let firstRow = 0; firstRow < rows; firstRow += tile) {
    const lastRow = Math.min(rows, firstRow + tile);
    for (let firstColumn = 0; firstColumn < columns; firstColumn += tile) {
      const lastColumn = Math.min(columns, firstColumn + tile);
      for (let column = firstColumn; column < lastColumn; column++) {
        for (let row = firstRow; row < lastRow; row++)
          to[start + column * rows + row] = from[start + row * columns + column];
      }
    }
  }
}

/** Row after row of the result, whose elements lie a step apart. */
function gatherRuns(from: Elements, to: Elements, shape: readonly number[], axes: readonly number[]): void {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const lengths = axes.map((axis) => shape[axis]);
  const steps = axes.map((axis) => strides[axis]);
  const last = axes.length - 1;
  const place = lengths.map(() => 0);
  let source = 0;
  for (let row = 0; row < to.length; row += lengths[last]) {
    for (let i = 0; i < lengths[last]; i++) to[row + i] = from[source + i * steps[last]];
    for (let axis = last - 1; axis >= 0; axis--) {
      source += steps[axis];
      if (++place[axis] < lengths[axis]) break;
      source -= place[axis] * steps[axis];
      place[axis] = 0;
    }
  }
}
