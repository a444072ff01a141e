import * as tf from '@tensorflow/tfjs-core';
import { maxRelativeConv } from '@tfjs-sparse/window-attention';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { PeerReader } from '../../src/peer-goldens.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { exactMaxRelativeConv } from './shared/exact-grapher.js';
import { imagesOf, pointwiseTensors } from './shared/peer-images.js';
import { attributesOf } from './shared/peer-tables.js';
import { drawPointwise, pointwiseTypes, pointwiseWeights } from './shared/pointwise-operands.js';

interface StepAttrs {
  readonly step: number;
}

interface ConvCase extends StepAttrs {
  readonly shape: readonly number[];
  readonly outChannels: number;
  readonly training: boolean;
  readonly seed: number;
}

const convolution: TensorOperation<StepAttrs> = {
  op: 'max-relative-conv',
  inputs: { x: 'float32', ...pointwiseTypes(['']) },
  optional: ['bias', 'mean', 'variance'],
  outputs: { y: 'float32' },
  attributes: { step: field.number },
  forward: (inputs, attrs) => ({ y: maxRelativeConv(inputs.x as tf.Tensor4D, pointwiseWeights(inputs, ''), attrs) }),
  define: (inputs, { step }) => ({ y: exactMaxRelativeConv(inputs.x, inputs, '', step) }),
};

const differentiated = ['x', 'filter', 'bias', 'scale', 'offset'];

export const operation = defineTensorCases<ConvCase, StepAttrs>(
  convolution,
  ({ shape, outChannels, training, step, seed }) => ({
    tolerance: { output: 2e-6, gradient: 2e-5, reason: 'float32 sums of at most 100 products' },
    inputs: { x: drawTensor(shape, seed), ...drawPointwise('', 2 * shape[3], outChannels, !training, seed + 1) },
    attrs: { step },
    gradients: differentiated,
    seed: seed + 10,
  }),
  (control) => [
    control('running-statistics', { shape: [2, 4, 4, 3], outChannels: 5, training: false, step: 2, seed: 6920 }),
    control.with('batch-statistics', { training: true }),
    control.with('ragged', { shape: [1, 5, 3, 3] }),
    control.with('neighbours', { step: 1 }),
  ],
);

export const peers: PeerReader = (file) => {
  const x = file.tensors.get('in.x');
  if (!x || !file.tensors.has('out.x_j')) return null;
  const { K: step, batchnorm } = attributesOf<{ K: number; batchnorm: string }>(file);
  return [
    {
      operation: convolution,
      attrs: { step },
      inputs: { x: imagesOf(x), ...pointwiseTensors(file, 'w.nn', '', batchnorm === 'running statistics') },
      outputs: { y: imagesOf(file.tensors.get('out.y')!) },
      cotangents: { y: imagesOf(file.tensors.get('gout.y')!) },
      gradients: {
        x: imagesOf(file.tensors.get('grad.x')!),
        ...pointwiseTensors(file, 'grad.w.nn', '', false),
      },
      tolerance: { output: 1e-5, gradient: 1e-4, reason: 'float32 sums in another order than the peer' },
    },
  ];
};

const vector = () => tf.ones([3]) as tf.Tensor1D;
const norm = () => ({ scale: vector(), offset: vector() });

export const calls: readonly CallCase[] = [
  {
    id: 'max-relative-conv/filter-of-x-alone',
    call: () => maxRelativeConv(tf.ones([1, 4, 4, 2]), { filter: tf.ones([2, 3]), norm: norm() }),
    error: 'RangeError: maxRelativeConv: filter must be [4, outChannels], got [2, 3]',
  },
  {
    id: 'max-relative-conv/mean-without-variance',
    call: () =>
      maxRelativeConv(tf.ones([1, 4, 4, 2]), { filter: tf.ones([4, 3]), norm: { ...norm(), mean: vector() } }),
    error: 'RangeError: maxRelativeConv: norm must have both of mean and variance, or neither, got mean',
  },
];
