import { exp2x4 } from '@tfjs-sparse/core/src/assembly/exp2.as';
import { storeTransposed } from '@tfjs-sparse/core/src/assembly/simd.as';
import { hide } from '../attention/visible-keys.as';

/**
 * Makes powers of scores, which come to stand in the place of the products, and gradients of the scores in theirs.
 *
 * @param scores f32[count, 8]  @param products f32[count, 8]: dy . v
 * @param logs f32[8]: logSumExp / ln 2, and `dotsAt` bytes further dy . y  @param bytes u8[count] of visible-keys.as.ts, or 0
 */
export function differentiate(scores: usize, products: usize, count: usize, logs: usize, dotsAt: usize, bytes: usize): void {
  const log0 = v128.load(logs), log1 = v128.load(logs, 16);
  const dot0 = v128.load(logs + dotsAt), dot1 = v128.load(logs + dotsAt, 16);
  for (let score = scores, product = products, end = scores + (count << 5); score < end; score += 32, product += 32) {
    const power0 = exp2x4(f32x4.sub(v128.load(score), log0));
    const power1 = exp2x4(f32x4.sub(v128.load(score, 16), log1));
    v128.store(score, f32x4.mul(power0, f32x4.sub(v128.load(product), dot0)));
    v128.store(score, f32x4.mul(power1, f32x4.sub(v128.load(product, 16), dot1)), 16);
    v128.store(product, power0);
    v128.store(product, power1, 16);
  }
  if (bytes == 0) return;
  hide(bytes, count, scores, 0);
  hide(bytes, count, products, 0);
}

/** Four keys of eight queries to eight queries of four keys. */
export function turn(from: usize, to: usize): void {
  for (let half: usize = 0; half < 32; half += 16) {
    const at = from + half;
    storeTransposed(v128.load(at), v128.load(at, 32), v128.load(at, 64), v128.load(at, 96), to + (half << 2), 16);
  }
}

/**
 * Eight channels of four rows += factors times queries, without those of factor 0: 0 times Infinity is NaN.
 *
 * @param row f32[8], of the first of the rows  @param columns f32[queries, 4]: factors  @param queries f32[queries, 8]
 */
export function addSeenRows(row: usize, rowBytes: usize, columns: usize, columnsEnd: usize, queries: usize): void {
  for (; columns < columnsEnd; columns += 16, queries += 32) {
    for (let key: usize = 0; key < 4; key++) {
      const factor = load<f32>(columns + (key << 2));
      if (factor == 0) continue;
      const to = row + key * rowBytes;
      for (let channel: usize = 0; channel < 32; channel += 4) {
        store<f32>(to + channel, load<f32>(to + channel) + factor * load<f32>(queries + channel));
      }
    }
  }
}
