import * as tf from '@tensorflow/tfjs-core';
import * as ops from '@tfjs-sparse/sparse-matmul';
import type { CallCase } from '../../src/run-call.js';
import { quantizedWeights, type GroupCodes } from './shared/group-codes.js';

const codes: GroupCodes = {
  inFeatures: 20,
  outFeatures: 3,
  bits: 8,
  groupSize: 16,
  groups: [
    { output: 0, place: 1, codes: Array<number>(16).fill(1) },
    { output: 2, place: 0, codes: Array<number>(16).fill(2) },
  ],
};

/** Weights and tensors that `quantizedMatMul` must refuse. */
export const calls: readonly CallCase[] = [
  {
    id: 'quantized-matmul/other-bits',
    call: multiply({ ...codes, bits: 6 as 4 }, {}),
    error: 'RangeError: quantizedWeights: bits must be 4 or 8, got 6',
  },
  {
    id: 'quantized-matmul/group-outside',
    call: multiply({ ...codes, groups: [{ ...codes.groups[0], place: 2 }] }, {}),
    error: 'RangeError: sparsityPattern: columns must be at least 0 and below 2, got 2',
  },
  {
    id: 'quantized-matmul/too-few-codes',
    call: multiply({ ...codes, groups: [{ ...codes.groups[0], codes: [1, 2, 3, 4] }] }, {}),
    error: 'RangeError: quantizedWeights: codes must have 4 words, got 1',
  },
  {
    id: 'quantized-matmul/other-inputs',
    call: multiply(codes, { x: () => tf.ones([2, 32]) }),
    error: 'RangeError: quantizedMatMul: the last axis of x must be 20 (inFeatures), got 32',
  },
  {
    id: 'quantized-matmul/too-many-scales',
    call: multiply(codes, { scales: () => tf.ones([3]) }),
    error: 'RangeError: quantizedMatMul: scales must be [2] (groups), got [3]',
  },
  {
    id: 'quantized-matmul/integer-zeros',
    call: multiply(codes, { zeros: () => tf.ones([2], 'int32') }),
    error: 'TypeError: quantizedMatMul: zeros must be float32, got int32',
  },
  {
    id: 'quantized-matmul/other-bias',
    call: multiply(codes, { bias: () => tf.ones([2]) }),
    error: 'RangeError: quantizedMatMul: bias must have shape [3] (the output channels), got [2]',
  },
  {
    id: 'quantized-matmul/unknown-activation',
    call: () =>
      ops.quantizedMatMul(tf.ones([2, 20]), tf.ones([2]), tf.ones([2]), quantizedWeights(codes), {
        activation: 'tanh' as 'relu',
      }),
    error: "RangeError: quantizedMatMul: activation must be 'linear', 'relu' or 'relu6', got tanh",
  },
];

type Made = Partial<Record<'x' | 'scales' | 'zeros' | 'bias', () => tf.Tensor>>;

/** Right tensors but for `made`. */
function multiply(weights: GroupCodes, { x, scales, zeros, bias }: Made) {
  return () => {
    const vector = (given: (() => tf.Tensor) | undefined) => (given?.() ?? tf.ones([2])) as tf.Tensor1D;
    const options = { bias: bias?.() as tf.Tensor1D | undefined };
    return ops.quantizedMatMul(
      x?.() ?? tf.ones([2, 20]),
      vector(scales),
      vector(zeros),
      quantizedWeights(weights),
      options,
    );
  };
}
