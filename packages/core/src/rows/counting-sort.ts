/** Positions by key. */
export interface Sorted {
  /** int32 `[keys + 1]`: where the positions of each key start in `order`. */
  readonly starts: Int32Array;
  /** int32 `[positions]` */
  readonly order: Int32Array;
}

/**
 * Positions of `keys` (0 to below `keyCount`) by key, in time that grows with both.
 *
 * @param before the order that equal keys keep; default ascending
 */
export function countingSort(keys: ArrayLike<number>, keyCount: number, before?: Int32Array): Sorted {
  const starts = new Int32Array(keyCount + 1);
  for (let i = 0; i < keys.length; i++) starts[keys[i] + 1]++;
  for (let key = 0; key < keyCount; key++) starts[key + 1] += starts[key];
  const next = starts.slice();
  const order = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const position = before ? before[i] : i;
    order[next[keys[position]]++] = position;
  }
  return { starts, order };
}
