import type { GraphNode } from '@tensorflow/tfjs-converter';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { hostValues, type FusedActivation } from '@tfjs-sparse/core';
import { decodedOnce, runWithEpilogue } from '../matmul/graph-operands.js';
import { productShape } from '../matmul/on-rows.js';
import { decodePattern } from '../pattern/stored-pattern.js';
import { quantizedMatMul } from './op.js';
import { QuantizedWeights, type Bits, type GroupSize } from './quantized-weights.js';

/** Its name in tfjs-converter's registry. */
export const graphOp = 'TfjsQuantizedMatMul';

/** Inputs are x, scales, zeros, codes, pattern words, bias and residual where the node has them. */
type QuantizedNodeAttributes = {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly bits: Bits;
  readonly groupSize: GroupSize;
  readonly hasBias: boolean;
  readonly hasResidual?: boolean;
  readonly activation: FusedActivation;
};

export function execute({ inputs: [x, scales, zeros, codes, words, ...added], attrs }: GraphNode): Tensor {
  const attributes = attrs as QuantizedNodeAttributes;
  const { inFeatures, outFeatures, bits, groupSize } = attributes;
  const key = ['quantized', scales.size, inFeatures, outFeatures, bits, groupSize].join();
  const weights = decodedOnce(codes, key, () => weightsOf(codes, words, scales.size, attributes));
  const epilogue = {
    bias: attributes.hasBias ? (added[0] as Tensor1D) : undefined,
    residual: attributes.hasResidual ? added[added.length - 1] : undefined,
    activation: attributes.activation,
  };
  const shapeOf = () => productShape(x, weights.outFeatures);
  return runWithEpilogue(epilogue, shapeOf, (options) =>
    quantizedMatMul(x, scales as Tensor1D, zeros as Tensor1D, weights, options),
  );
}

function weightsOf(
  codes: Tensor,
  words: Tensor,
  groupCount: number,
  { inFeatures, outFeatures, bits, groupSize }: QuantizedNodeAttributes,
): QuantizedWeights {
  const shape = { inFeatures: Math.ceil(inFeatures / groupSize), outFeatures };
  const groups = decodePattern(hostValues(words, 'graphModel', 'pattern'), groupCount, shape);
  const values = hostValues(codes, 'graphModel', 'codes');
  return new QuantizedWeights({ inFeatures, outFeatures, bits, groupSize, groups, codes: values });
}
