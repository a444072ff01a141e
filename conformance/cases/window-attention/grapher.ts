import * as tf from '@tensorflow/tfjs-core';
import { grapher } from '@tfjs-sparse/window-attention';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { PeerReader } from '../../src/peer-goldens.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { exactMaxRelativeConv, exactPointwise } from './shared/exact-grapher.js';
import { imagesOf, pointwiseTensors } from './shared/peer-images.js';
import { attributesOf, isCaseOf } from './shared/peer-tables.js';
import { drawPointwise, pointwiseTypes, pointwiseWeights } from './shared/pointwise-operands.js';

interface StepAttrs {
  readonly step: number;
}

interface GrapherCase extends StepAttrs {
  readonly shape: readonly number[];
  readonly training: boolean;
  readonly seed: number;
}

const parts = ['inner.', 'graph.', 'outer.'];

const block: TensorOperation<StepAttrs> = {
  op: 'grapher',
  inputs: { x: 'float32', ...pointwiseTypes(parts) },
  optional: parts.flatMap((part) => ['bias', 'mean', 'variance'].map((name) => part + name)),
  outputs: { y: 'float32' },
  attributes: { step: field.number },
  forward(inputs, attrs) {
    const [inner, graph, outer] = parts.map((part) => pointwiseWeights(inputs, part));
    return { y: grapher(inputs.x as tf.Tensor4D, { inner, graph, outer }, attrs) };
  },
  define(inputs, { step }) {
    const { x } = inputs;
    const aggregated = exactMaxRelativeConv(exactPointwise(x, inputs, 'inner.'), inputs, 'graph.', step);
    const { values } = exactPointwise(aggregated, inputs, 'outer.');
    return { y: { shape: x.shape, values: values.map((value, i) => value + x.values[i]) } };
  },
};

const differentiated = ['x', ...parts.flatMap((part) => ['filter', 'bias', 'scale', 'offset'].map((name) => part + name))]; // prettier-ignore

export const operation = defineTensorCases<GrapherCase, StepAttrs>(
  block,
  ({ shape, training, step, seed }) => {
    const channels = shape[3];
    const draw = (i: number, inner: number, outer: number) =>
      drawPointwise(parts[i], inner, outer, !training, seed + 10 * i + 1);
    return {
      tolerance: { output: 5e-6, gradient: 5e-5, reason: 'float32 sums of at most 100 products, three in a row' },
      inputs: {
        x: drawTensor(shape, seed),
        ...draw(0, channels, channels),
        ...draw(1, 2 * channels, 2 * channels),
        ...draw(2, 2 * channels, channels),
      },
      attrs: { step },
      gradients: differentiated,
      seed: seed + 40,
    };
  },
  (control) => [
    control('running-statistics', { shape: [1, 4, 5, 3], training: false, step: 2, seed: 6960 }),
    control.with('batch-statistics', { training: true, shape: [2, 4, 4, 2] }),
    control.with('neighbours', { step: 1 }),
  ],
);

export const peers: PeerReader = (file) => {
  if (!isCaseOf(file, 'SLDGroup/MobileViG', 'grapher_eval')) return null;
  const { K: step } = attributesOf<{ K: number }>(file);
  const weights = (prefix: string, hasStatistics: boolean) => ({
    ...pointwiseTensors(file, `${prefix}w.fc1`, 'inner.', hasStatistics),
    ...pointwiseTensors(file, `${prefix}w.graph_conv.nn`, 'graph.', hasStatistics),
    ...pointwiseTensors(file, `${prefix}w.fc2`, 'outer.', hasStatistics),
  });
  const images = (name: string) => imagesOf(file.tensors.get(name)!);
  return [
    {
      operation: block,
      attrs: { step },
      inputs: { x: images('in.x'), ...weights('', true) },
      outputs: { y: images('out.y') },
      cotangents: { y: images('gout.y') },
      gradients: { x: images('grad.x'), ...weights('grad.', false) },
      tolerance: { output: 1e-5, gradient: 1e-4, reason: 'float32 sums in another order than the peer' },
    },
  ];
};

const norm = (channels: number) => ({ scale: tf.ones([channels]) as tf.Tensor1D, offset: tf.ones([channels]) as tf.Tensor1D }); // prettier-ignore

export const calls: readonly CallCase[] = [
  {
    id: 'grapher/other-channels-out',
    call: () => {
      const [inner, graph, outer] = [
        { filter: tf.ones([2, 2]) as tf.Tensor2D, norm: norm(2) },
        { filter: tf.ones([4, 4]) as tf.Tensor2D, norm: norm(4) },
        { filter: tf.ones([4, 3]) as tf.Tensor2D, norm: norm(3) },
      ];
      return grapher(tf.ones([1, 4, 4, 2]), { inner, graph, outer });
    },
    error: 'RangeError: grapher: outer.filter must have 2 outputs (channels of x), got 3',
  },
];
