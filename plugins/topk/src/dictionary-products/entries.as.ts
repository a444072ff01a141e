// Entries of rows, in one of two layouts: k of every row, whose indices are features, or those of all rows together, whose
// indices, ascending, are row * features + feature; k is 0 then.

// @ts-ignore: decorator of AssemblyScript
@inline
export function startOfRow(indices: usize, entries: usize, row: usize, features: usize, k: usize): usize {
  return k > 0 ? row * k : firstFrom(indices, entries, (row * features) as i32);
}

// @ts-ignore: decorator of AssemblyScript
@inline
export function endOfRow(indices: usize, entries: usize, row: usize, features: usize, k: usize): usize {
  return startOfRow(indices, entries, row + 1, features, k);
}

/** -1 for an entry that is none. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function featureOf(indices: usize, entry: usize, row: usize, features: usize, k: usize): i32 {
  const index = load<i32>(indices + (entry << 2));
  return k > 0 ? index : index - ((row * features) as i32);
}

/** The first entry whose index is at least `bound`. */
function firstFrom(indices: usize, entries: usize, bound: i32): usize {
  let low: usize = 0;
  let high = entries;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<i32>(indices + (middle << 2)) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
