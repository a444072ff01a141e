import * as tf from '@tensorflow/tfjs-core';
import { SparseTensor } from '@tfjs-sparse/core';
import { attentionPooling, type AttentionPoolingOptions } from '@tfjs-sparse/window-attention';
import { drawSites } from '../../oracle/draw-sites.js';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { exactPooling } from './shared/exact-attention-pooling.js';
import { mapOrder } from './shared/map-order.js';
import { poolingWeights } from './shared/pooling-weights.js';

interface PoolingCase extends AttentionPoolingOptions {
  readonly count: number;
  readonly batches?: readonly number[];
  readonly channels: number;
  readonly seed: number;
}

const weightNames = ['qkv', 'qkvBias', 'output', 'outputBias', 'position', 'scale', 'offset'] as const;

const pooling: TensorOperation<AttentionPoolingOptions> = {
  op: 'attention-pooling',
  inputs: {
    x: 'float32',
    coordinates: 'int32',
    ...(Object.fromEntries(weightNames.map((name) => [name, 'float32'])) as Record<
      (typeof weightNames)[number],
      'float32'
    >),
  },
  outputs: { y: 'float32', pooledCoordinates: 'int32' },
  attributes: { poolSize: field.numbers, heads: field.optional(field.number) },
  forward({ x, coordinates, ...weights }, options) {
    const { map, toSites } = mapOrder('attention-pooling', coordinates);
    const given = new SparseTensor(toSites(x as tf.Tensor2D), map);
    const y = attentionPooling(given, poolingWeights(weights), options);
    const { siteCount, rank } = y.map;
    return {
      y: y.features,
      pooledCoordinates: tf.tensor2d(y.map.coordinates.slice(), [siteCount, 1 + rank], 'int32'),
    };
  },
  define: (inputs, options) => {
    const { y, coordinates } = exactPooling(inputs, options);
    return { y, pooledCoordinates: coordinates };
  },
};

const tolerance = { output: 5e-6, gradient: 5e-5, reason: 'four products, a softmax and a normalization in float32' };

export const operation = defineTensorCases<PoolingCase, AttentionPoolingOptions>(
  pooling,
  ({ count, batches = [0, 1], channels, seed, ...attrs }) => {
    const { poolSize } = attrs;
    const sites = drawSites({ count, extent: poolSize.map(() => 4), batches, isShuffled: true }, seed);
    const cells = poolSize.reduce((product, size) => product * size, 1);
    return {
      tolerance,
      inputs: {
        x: drawTensor([count, channels], seed + 1),
        coordinates: { shape: [count, 1 + poolSize.length], values: sites.flat(), dtype: 'int32' },
        qkv: drawTensor([channels, 3 * channels], seed + 2),
        qkvBias: drawTensor([3 * channels], seed + 3),
        output: drawTensor([channels, channels], seed + 4),
        outputBias: drawTensor([channels], seed + 5),
        position: drawTensor([cells, channels], seed + 6),
        scale: drawTensor([channels], seed + 7),
        offset: drawTensor([channels], seed + 8),
      },
      attrs,
      gradients: ['x', 'qkv', 'qkvBias', 'output', 'outputBias', 'position', 'scale', 'offset'],
      differentiated: ['y'],
      seed: seed + 9,
    };
  },
  (control) => [
    control('along-one-axis', { count: 9, channels: 4, heads: 2, poolSize: [3, 1, 1], seed: 7100 }),
    control.with('eight-heads', { channels: 8, heads: undefined }),
    control.with('box', { poolSize: [2, 2] }),
    control.with('cells-alone', { poolSize: [1, 1, 1] }),
    control.with('one-site', { count: 1, batches: [0] }),
  ],
);

const refusal = (name: string, options: object, error: string): CallCase => ({
  id: `attention-pooling/${name}`,
  call: () => {
    const { map } = mapOrder('attention-pooling', tf.tensor2d([[0, 0, 0]], [1, 3], 'int32'));
    const weights = poolingWeights({ position: tf.ones([4, 6]) });
    attentionPooling(new SparseTensor(tf.ones([1, 6]), map), weights, { heads: 2, poolSize: [2, 2], ...options });
  },
  error: `RangeError: attentionPooling: ${error}`,
});

export const calls: readonly CallCase[] = [
  refusal('heads', { heads: 4 }, 'heads must divide the 6 channels, got 4'),
  refusal('window-of-0', { poolSize: [0, 2] }, 'poolSize must have 2 integers from 1 to 2097152 (one per axis), got [0, 2]'), // prettier-ignore
  refusal('position', { poolSize: [2, 1] }, 'position must be [2, 6] (cells, channels), got [4, 6]'),
];
