import { abs, addN, div, mul, sign, square, sub, sum, tanh, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { requireRange } from '@tfjs-sparse/core';
import { concatenated, magnitudes, requireNumbers, type Scores } from '../masks/keep-largest.js';

/** Where the second derivative of tanh is lowest, artanh(1 / sqrt(3)), to the published digits. */
const steepestChange = 0.6585;

/** The scale that puts the weight at the wanted sparsity, over all layers, where the penalty bends most. */
export function hyperSparseScale(layers: readonly Scores[], sparsity: number): number {
  const sorted = magnitudes(concatenated(layers)).sort();
  requireNumbers(sorted, 'hyperSparse');
  requireRange(sparsity >= 0 && sparsity < 1, 'hyperSparse', 'sparsity must be in [0, 1)', sparsity);
  const threshold = sorted[Math.floor(sparsity * sorted.length)];
  requireRange(threshold > 0, 'hyperSparse', 'the weight at the wanted sparsity must not be 0', threshold);
  return steepestChange / threshold;
}

/**
 * Gradient of the HyperSparse penalty (Glandorf et al. 2023, equation 6) at the weights of all layers:
 * `sign(w) s sech²(s |w|) Σ|w| / Σ tanh(s |w|)`; the penalty's value is 0 by construction.
 */
export function hyperSparseGradient(weights: readonly Tensor[], scale: number): Tensor[] {
  return tidy(() => {
    const bent = weights.map((weight) => tanh(mul(abs(weight), scale)));
    const total = (tensors: Tensor[]): Tensor => addN(tensors.map((tensor) => sum(tensor)));
    const ratio = div(total(weights.map((weight) => abs(weight))), total(bent));
    return weights.map((weight, i) => mul(mul(sign(weight), sub(1, square(bent[i]))), mul(ratio, scale)));
  });
}
