import { div, pad, reshape, sum, tensor, type Tensor4D } from '@tensorflow/tfjs-core';

/**
 * The mean token of each block; the last one may have fewer tokens.
 *
 * @param x `[batches, heads, tokens, channels]`
 * @returns `[batches, heads, ceil(tokens / size), channels]`
 */
export function blockMeans(x: Tensor4D, size: number): Tensor4D {
  const [batches, heads, tokens, channels] = x.shape;
  const blocks = Math.ceil(tokens / size);
  const padded = pad(x, [[0, 0], [0, 0], [0, blocks * size - tokens], [0, 0]]); // prettier-ignore
  const sums = sum(reshape(padded, [batches * heads, blocks, size, channels]), 2);
  const counts = Array.from({ length: blocks }, (_, block) => Math.min(size, tokens - block * size));
  return reshape(div(sums, tensor(counts, [blocks, 1])), [batches, heads, blocks, channels]);
}
