import { float32Array, requireNumbers, requireRange } from '@tfjs-sparse/core';
import { SparsityPattern } from '../pattern/sparsity-pattern.js';
import {
  codeAt,
  placeOfCode,
  QuantizedWeights,
  requireQuantization,
  type Bits,
  type GroupSize,
} from './quantized-weights.js';

export interface QuantizeOptions {
  /** Default 4. */
  readonly bits?: Bits;
  /** Default 16. */
  readonly groupSize?: GroupSize;
  /** Share of all groups that is dropped, 0 to below 1; default 0. Groups of zeros are always dropped. */
  readonly groupSparsity?: number;
  /** `[outFeatures, ceil(inFeatures / groupSize)]`: what a group is worth; default the L2 norm of its weights. */
  readonly saliency?: ArrayLike<number>;
}

/** Quantised weights with what their tensors hold. */
export interface Quantized {
  readonly weights: QuantizedWeights;
  /** `[groups]` */
  readonly scales: Float32Array;
  /** `[groups]`, integers within the range of the codes. */
  readonly zeros: Float32Array;
}

const name = 'quantizeWeights';

/**
 * Drops the least salient groups of a dense matrix and quantises the others: the range of each, extended to 0, is
 * divided into `2^bits - 1` steps, so that a weight of 0 stays 0 and others move by at most half a step.
 *
 * @param weights `[inFeatures, outFeatures]`, row-major, as the kernel of a dense layer
 * @throws RangeError for a weight that is not finite; the message names the first one. TypeError for what is no array of
 *   numbers
 */
export function quantizeWeights(
  weights: ArrayLike<number>,
  [inFeatures, outFeatures]: readonly [inFeatures: number, outFeatures: number],
  { bits = 4, groupSize = 16, groupSparsity = 0, saliency }: QuantizeOptions = {},
): Quantized {
  requireQuantization(name, bits, groupSize);
  const dense = float32Array(name, 'weights', weights);
  const weightCount = inFeatures * outFeatures;
  requireRange(dense.length === weightCount, name, `weights must have ${weightCount} values`, dense.length);
  for (let i = 0; i < dense.length; i++) {
    const place = `[${Math.floor(i / outFeatures)}, ${i % outFeatures}]`;
    if (!Number.isFinite(dense[i])) requireRange(false, name, 'weights must be finite', `${dense[i]} at ${place}`);
  }
  const groupOf = (output: number, group: number) => {
    const first = group * groupSize;
    const count = Math.min(groupSize, inFeatures - first);
    return Array.from({ length: count }, (_, i) => dense[(first + i) * outFeatures + output]);
  };
  const groups = keptGroups(groupOf, Math.ceil(inFeatures / groupSize), outFeatures, groupSparsity, saliency);
  const codes = new Int32Array((groups.blockCount * groupSize * bits) / 32);
  const scales = new Float32Array(groups.blockCount);
  const zeros = new Float32Array(groups.blockCount);
  const most = 2 ** bits - 1;
  for (let output = 0; output < outFeatures; output++) {
    for (let k = groups.starts[output]; k < groups.starts[output + 1]; k++) {
      const group = groupOf(output, groups.columns[k]);
      const low = Math.min(0, ...group);
      const scale = Math.fround((Math.max(0, ...group) - low) / most) || 1; // a group too small for float32 becomes 0
      const zero = Math.round(-low / scale);
      scales[k] = scale;
      zeros[k] = zero;
      for (let i = 0; i < groupSize; i++) {
        const code = Math.min(Math.max(Math.round((group[i] ?? 0) / scale) + zero, 0), most);
        const { word, shift } = placeOfCode(bits, k * groupSize + i);
        codes[word] |= code << shift;
      }
    }
  }
  return { weights: new QuantizedWeights({ inFeatures, outFeatures, bits, groupSize, groups, codes }), scales, zeros };
}

/** The dense matrix `[inFeatures, outFeatures]`, row-major, that quantised weights stand for. */
export function dequantizeWeights({ weights, scales, zeros }: Quantized): Float32Array {
  const { inFeatures, outFeatures, groupSize, groups } = weights;
  const scaleOf = float32Array('dequantizeWeights', 'scales', scales);
  const zeroOf = float32Array('dequantizeWeights', 'zeros', zeros);
  const dense = new Float32Array(inFeatures * outFeatures);
  for (let output = 0; output < outFeatures; output++) {
    for (let k = groups.starts[output]; k < groups.starts[output + 1]; k++) {
      const first = groups.columns[k] * groupSize;
      for (let i = 0; i < Math.min(groupSize, inFeatures - first); i++) {
        dense[(first + i) * outFeatures + output] = scaleOf[k] * (codeAt(weights, k, i) - zeroOf[k]);
      }
    }
  }
  return dense;
}

/** Drops the groups of zeros and as many of the least salient as make the share; of equal ones the first. */
function keptGroups(
  groupOf: (output: number, group: number) => readonly number[],
  groupsPerOutput: number,
  outFeatures: number,
  groupSparsity: number,
  saliency: ArrayLike<number> | undefined,
): SparsityPattern {
  const isShare = groupSparsity >= 0 && groupSparsity < 1;
  requireRange(isShare, name, 'groupSparsity must be at least 0 and below 1', groupSparsity);
  const groupCount = outFeatures * groupsPerOutput;
  if (saliency) {
    requireNumbers(name, 'saliency', saliency);
    const rule = `saliency must have ${groupCount} values (outputs x groups)`;
    requireRange(saliency.length === groupCount, name, rule, saliency.length);
  }
  const worth = new Float64Array(groupCount);
  const isZero = new Uint8Array(groupCount);
  for (let i = 0; i < groupCount; i++) {
    const squares = groupOf(Math.floor(i / groupsPerOutput), i % groupsPerOutput).reduce((sum, w) => sum + w * w, 0);
    isZero[i] = squares === 0 ? 1 : 0;
    worth[i] = saliency ? saliency[i] : squares;
    if (Number.isNaN(worth[i])) requireRange(false, name, `saliency[${i}] must be a number`, worth[i]);
  }
  const byWorth = Array.from(worth.keys()).sort((a, b) => isZero[b] - isZero[a] || worth[a] - worth[b] || a - b);
  const isDropped = isZero.slice();
  for (const group of byWorth.slice(0, Math.floor(groupCount * groupSparsity))) isDropped[group] = 1;
  const starts = new Int32Array(outFeatures + 1);
  const columns: number[] = [];
  for (let i = 0; i < groupCount; i++) {
    if (!isDropped[i]) columns.push(i % groupsPerOutput);
    if (i % groupsPerOutput === groupsPerOutput - 1) starts[Math.floor(i / groupsPerOutput) + 1] = columns.length;
  }
  return new SparsityPattern(starts, Int32Array.from(columns), { inFeatures: groupsPerOutput, outFeatures });
}
