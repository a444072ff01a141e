/** How the rows of two coordinate lists belong together, by coordinate and never by index. */
export interface RowMatch {
  /** For each expected row, the actual row with the same coordinate, or -1. */
  readonly actualOf: Int32Array;
  /** Coordinates that only one side has, and that the actual side has twice. */
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly repeated: readonly string[];
}

/** @param width columns of a row: 1 + rank */
export function matchRows(actual: Int32Array, expected: Int32Array, width: number): RowMatch {
  const rowOf = new Map<string, number>();
  const repeated: string[] = [];
  for (let row = 0; row * width < actual.length; row++) {
    const key = rowKey(actual, row, width);
    if (rowOf.has(key)) repeated.push(key);
    rowOf.set(key, row);
  }
  const missing: string[] = [];
  const found = new Set<string>();
  const actualOf = Int32Array.from({ length: expected.length / width }, (_, row) => {
    const key = rowKey(expected, row, width);
    if (!rowOf.has(key)) missing.push(key);
    found.add(key);
    return rowOf.get(key) ?? -1;
  });
  return { actualOf, missing, extra: [...rowOf.keys()].filter((key) => !found.has(key)), repeated };
}

/** `batch,x,y,..` of one row. */
export function rowKey(coordinates: Int32Array, row: number, width: number): string {
  return coordinates.subarray(row * width, (row + 1) * width).join();
}
