import { randomPattern, type SparsityPattern, type SparsityPatternOptions } from '@tfjs-sparse/sparse-matmul';
import type * as tfTypes from '@tensorflow/tfjs';

/** A seeded random pattern, which keeps `density` of the blocks, or n of every m. */
export function drawPattern(options: SparsityPatternOptions, density: number): SparsityPattern {
  const { inFeatures, outFeatures, blockOutputs = 1 } = options;
  const blocks = Math.ceil(outFeatures / blockOutputs) * inFeatures;
  return randomPattern(options, Math.round(blocks * density), 5);
}

/** Kept weights of a pattern. */
export function drawValues(tf: typeof tfTypes, { blockCount, blockOutputs }: SparsityPattern): tfTypes.Tensor2D {
  return tf.randomNormal([blockCount, blockOutputs], 0, 1, 'float32', 6) as tfTypes.Tensor2D;
}
