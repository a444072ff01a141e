/**
 * Central differences of a scalar function of rows: for every element, (f(x + h) - f(x - h)) / 2h.
 *
 * @param x `[rows][columns]`; changed and restored
 */
export function finiteDifferences(f: () => number, x: number[][], h = 1e-5): number[][] {
  return x.map((row) =>
    row.map((value, column) => {
      row[column] = value + h;
      const above = f();
      row[column] = value - h;
      const below = f();
      row[column] = value;
      return (above - below) / (2 * h);
    }),
  );
}

/** Largest difference of any element. */
export function largestDifference(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  const differences = a.flatMap((row, i) => row.map((value, j) => Math.abs(value - b[i][j])));
  return a.flat().length === b.flat().length ? Math.max(0, ...differences) : Infinity;
}

/** sum(y * dy) */
export function innerProduct(y: readonly (readonly number[])[], dy: readonly (readonly number[])[]): number {
  return y.flatMap((row, i) => row.map((value, j) => value * dy[i][j])).reduce((sum, value) => sum + value, 0);
}
