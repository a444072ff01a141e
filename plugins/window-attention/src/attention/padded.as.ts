/** The next multiple of `width`, which is a power of 2. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function padded(count: usize, width: usize): usize {
  return (count + width - 1) & ~(width - 1);
}
