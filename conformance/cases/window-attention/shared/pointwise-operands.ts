import type * as tf from '@tensorflow/tfjs-core';
import type { PointwiseWeights } from '@tfjs-sparse/window-attention';
import { drawTensor, type SourceTensor } from '../../../oracle/tensor-source.js';
import type { Tensors } from '../../../src/tensor-operation.js';
import { pointwiseNames } from './exact-grapher.js';

/** Types of the operands of convolutions of pixels. */
export function pointwiseTypes(prefixes: readonly string[]): Record<string, 'float32'> {
  const names = prefixes.flatMap((prefix) => pointwiseNames.map((name) => prefix + name));
  return Object.fromEntries(names.map((name) => [name, 'float32']));
}

/** What the plugin takes of a case's operands. */
export function pointwiseWeights(inputs: Tensors, prefix: string): PointwiseWeights {
  const vector = (name: string) => inputs[prefix + name] as tf.Tensor1D;
  const norm = { scale: vector('scale'), offset: vector('offset'), mean: vector('mean'), variance: vector('variance') };
  return { filter: inputs[`${prefix}filter`] as tf.Tensor2D, bias: vector('bias'), norm };
}

export function drawPointwise(
  prefix: string,
  inner: number,
  outer: number,
  hasStatistics: boolean,
  seed: number,
): Record<string, SourceTensor> {
  const vector = (i: number, least = 0) => {
    const drawn = drawTensor([outer], seed + i);
    return least > 0 ? { ...drawn, values: drawn.values.map((value) => Math.fround(Math.abs(value) + least)) } : drawn;
  };
  return {
    [`${prefix}filter`]: drawTensor([inner, outer], seed),
    [`${prefix}bias`]: vector(1),
    [`${prefix}scale`]: vector(2, 0.5),
    [`${prefix}offset`]: vector(3),
    ...(hasStatistics && { [`${prefix}mean`]: vector(4), [`${prefix}variance`]: vector(5, 0.5) }),
  };
}
