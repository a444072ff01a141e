import type { ProductWeight, WeightKernel } from '@tfjs-sparse/converter';
import { patternName } from '../matmul/weights-conversion.js';
import { chooseFormat } from './choose-format.js';
import { packWeights } from './pack-weights.js';
import { encodePattern } from './stored-pattern.js';

/** How a product of this plugin would have a weight, or null where the dense one is as fast. */
export function kernelOf({ values, inputs, outputs, places }: ProductWeight): WeightKernel | null {
  const format = chooseFormat(values, [inputs, outputs]);
  if (!format) return null;
  const { pattern, values: kept } = packWeights(values, [inputs, outputs], format);
  const kernel = places > 1 ? 'sparseConv2D' : format.groups ? 'nmMatMul' : 'sparseMatMul';
  const bytes = encodePattern(pattern).byteLength + kept.byteLength;
  return { kernel, pattern: patternName(format), bytes, relativeTime: format.relativeTime };
}
