import { float32Array } from '@tfjs-sparse/core';
import type { BlockOutputs, GroupRule } from './sparsity-pattern.js';
import { groupedSize } from './stored-pattern.js';

/** How a matrix is best stored and multiplied. */
export interface SparseFormat {
  readonly blockOutputs: BlockOutputs;
  readonly groups?: GroupRule;
  /** Estimated time of the product over that of tfjs' dense one. */
  readonly relativeTime: number;
}

// Time of the wasm kernels over tfjs' dense product: one part per kept (not only non-zero) weight, one per image (bench
// sparse-matmul, 28 x 28 x 256 -> 256, Node 20 SIMD). Where a tenth is not saved, the dense product is as good.
const costs: readonly (readonly [blockOutputs: BlockOutputs, perWeight: number, fixed: number])[] = [
  [8, 0.79, 0.012],
  [4, 0.81, 0.044],
  [2, 0.81, 0.038],
  [1, 0.98, 0.037],
];
const worthwhile = 0.9;
const mostDense = 0.88;
const leastFull = 0.9; // of a block's weights that must not be 0, as XNNPACK has it
const groupRules: readonly GroupRule[] = [1, 2, 4]
  .flatMap((n) => [4, 8, 16].map((m) => ({ n, m })))
  .filter(({ n, m }) => n < m);

/**
 * The block size whose product is fastest for the zeros of a dense matrix `[inFeatures, outFeatures]`, row-major, and the
 * N:M rule that it keeps, if any (indices of groups take fewer bytes); null where the dense product is as fast, which is
 * below 12 % zeros.
 */
export function chooseFormat(
  weights: ArrayLike<number>,
  [inFeatures, outFeatures]: readonly [inFeatures: number, outFeatures: number],
): SparseFormat | null {
  const dense = float32Array('chooseFormat', 'weights', weights);
  let nonZeros = 0;
  for (let i = 0; i < dense.length; i++) if (dense[i] !== 0) nonZeros++;
  const density = dense.length === 0 ? 1 : nonZeros / dense.length;
  if (density > mostDense) return null;
  let best: SparseFormat | null = null;
  for (const [blockOutputs, perWeight, fixed] of costs) {
    const { kept, fullest } = countBlocks(dense, inFeatures, outFeatures, blockOutputs);
    const share = (kept * blockOutputs) / (inFeatures * outFeatures);
    if (density < leastFull * share) continue;
    const relativeTime = share * perWeight + fixed;
    if (relativeTime > worthwhile || (best && best.relativeTime <= relativeTime)) continue;
    // Every group must hold exactly n, or zeros would be stored in place of indices.
    const groups = groupRules.find(
      (rule) =>
        fullest(rule.m) === rule.n &&
        kept >= 0.95 * groupedSize(rule, { inFeatures, outFeatures, blockOutputs }).blocks,
    );
    best = { blockOutputs, groups, relativeTime };
  }
  return best;
}

function countBlocks(dense: Float32Array, inFeatures: number, outFeatures: number, blockOutputs: number) {
  const blockRows = Math.ceil(outFeatures / blockOutputs);
  const isKept = new Uint8Array(blockRows * inFeatures); // by row of blocks
  for (let input = 0; input < inFeatures; input++) {
    for (let output = 0; output < outFeatures; output++) {
      if (dense[input * outFeatures + output] !== 0) isKept[Math.floor(output / blockOutputs) * inFeatures + input] = 1;
    }
  }
  /** Most kept blocks of a group of m. */
  const fullest = (m: number) => {
    let most = 0;
    for (let row = 0; row < blockRows; row++) {
      for (let first = 0; first < inFeatures; first += m) {
        let count = 0;
        for (let input = first; input < Math.min(first + m, inFeatures); input++)
          count += isKept[row * inFeatures + input];
        most = Math.max(most, count);
      }
    }
    return most;
  };
  return { kept: isKept.reduce((sum, kept) => sum + kept, 0), fullest };
}
