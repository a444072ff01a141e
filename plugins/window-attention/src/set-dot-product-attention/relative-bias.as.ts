/**
 * Puts what the relative positions of keys and queries add to the scores, over ln 2, into their places: of each axis the
 * entry of the difference of coordinates (query - key), limited to -bound..bound.
 *
 * @param bias f32[axes * (2 * bound + 1), heads]  @param coordinates i32[sites, axes]
 * @param queries u32[queryCount], at most 8  @param keys u32[keyCount]  @param scores f32[keyCount padded to 4, 8]
 */
export function fillBias(
  bias: usize,
  coordinates: usize,
  axes: usize,
  bound: i32,
  heads: usize,
  head: usize,
  queries: usize,
  queryCount: usize,
  keys: usize,
  keyCount: usize,
  scores: usize,
): void {
  memory.fill(scores, 0, ((keyCount + 3) & ~3) << 5);
  for (let key: usize = 0; key < keyCount; key++) {
    const ofKey = placeOf(coordinates, axes, keys + (key << 2));
    for (let query: usize = 0; query < queryCount; query++) {
      const ofQuery = placeOf(coordinates, axes, queries + (query << 2));
      let sum: f32 = 0;
      for (let axis: usize = 0; axis < axes; axis++) {
        const row = biasRow(ofQuery, ofKey, axis, bound);
        sum += load<f32>(bias + ((row * heads + head) << 2));
      }
      store<f32>(scores + (key << 5) + (query << 2), sum * 1.4426950408889634);
    }
  }
}

// @ts-ignore: decorator of AssemblyScript
@inline
export function placeOf(coordinates: usize, axes: usize, list: usize): usize {
  return coordinates + (load<u32>(list) as usize) * (axes << 2);
}

/** The row of the table for an axis. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function biasRow(ofQuery: usize, ofKey: usize, axis: usize, bound: i32): usize {
  const difference = load<i32>(ofQuery + (axis << 2)) - load<i32>(ofKey + (axis << 2));
  return (axis as i32 * (2 * bound + 1) + max(-bound, min(bound, difference)) + bound) as usize;
}
