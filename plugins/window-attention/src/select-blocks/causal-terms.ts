import { buffer, type Tensor } from '@tensorflow/tfjs-core';

/** Added to scores: far above all of them, and with the other sign far below. */
export const hidden = 1e30;

/**
 * What is added to the scores of blocks, `[rows, count]`, so that those come first that always count (the first, the own and
 * the one before it), and those last that never do (later ones).
 *
 * @param offset of the last query among the keys from its place among the queries
 */
export function causalTerms(
  rows: number,
  count: number,
  size: { readonly queries: number; readonly keys: number },
  offset: number,
): Tensor {
  const terms = buffer([rows, count]);
  for (let row = 0; row < rows; row++) {
    const own = Math.floor(((row + 1) * size.queries - 1 + offset) / size.keys);
    for (let block = 0; block < count; block++) {
      if (block > own) terms.set(-hidden, row, block);
      else if (block === 0 || block >= own - 1) terms.set(hidden, row, block);
    }
  }
  return terms.toTensor();
}
