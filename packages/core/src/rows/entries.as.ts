/** Items of a parallel call are so many rows; rows-of-item.ts has the same number. */
export const rowsOfItem: usize = 64;

/** The row of x that the entry names. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function rowOf(x: usize, columns: usize, entry: usize, rowBytes: usize): usize {
  return x + (load<u32>(columns + (entry << 2)) as usize) * rowBytes;
}

/** The factor of the entry; 1 without values. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function valueOf(values: usize, order: usize, entry: usize): f32 {
  if (!values) return 1;
  const place = order ? (load<u32>(order + (entry << 2)) as usize) : entry;
  return load<f32>(values + (place << 2));
}
