const leastChunk = 16; // four vectors, which the kernel takes at once

/**
 * Values per maximum where the k greatest of `width` are looked for; 1 where single values are as good. A search among
 * maxima costs about 3 instructions each, and of the k chunks that are looked at again every 4 values one: the sum is least
 * near sqrt(12 * width / k). (bench topk, rows)
 */
export function chunkOf(width: number, k: number): number {
  const best = 2 ** Math.round(Math.log2(Math.sqrt((12 * width) / Math.max(k, 1))));
  return best < leastChunk || width < 2 * k * best ? 1 : best;
}
