import * as tf from '@tensorflow/tfjs-core';
import { SparseTensor } from '@tfjs-sparse/core';
import {
  pointTransformerV3Block,
  type ConvolutionBranchWeights,
  type PointTransformerV3BlockOptions,
  type PointTransformerV3BlockWeights,
} from '@tfjs-sparse/window-attention';
import { drawSites } from '../../oracle/draw-sites.js';
import { drawTensor } from '../../oracle/tensor-source.js';
import type { PeerReader } from '../../src/peer-goldens.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { branchInputs, branchOf, drawBranch, exactBranch } from './shared/branch-operands.js';
import { drawEncoder, encoderInputs, weightsOf } from './shared/encoder-weights.js';
import { encoded } from './shared/exact-encoder.js';
import { exactPatches } from './shared/exact-patches.js';
import { mapOrder } from './shared/map-order.js';
import { tensorOf } from './shared/peer-attention.js';
import { blockNames, blockTensors, pointCoordinates } from './shared/peer-serialized-block.js';
import { attributesOf, sourceOf } from './shared/peer-tables.js';
import { serializationFields } from './shared/serialization-fields.js';

interface BlockCase extends PointTransformerV3BlockOptions {
  readonly count: number;
  readonly batches: readonly number[];
  readonly channels: number;
  readonly hidden: number;
  readonly bound?: number;
  readonly seed: number;
}

const block: TensorOperation<PointTransformerV3BlockOptions> = {
  op: 'point-transformer-block',
  inputs: { x: 'float32', coordinates: 'int32', ...branchInputs, ...encoderInputs, relativeBias: 'float32' },
  optional: ['relativeBias'],
  outputs: { y: 'float32' },
  attributes: serializationFields,
  forward(inputs, options) {
    const { map, toSites, toRows } = mapOrder('point-transformer-block', inputs.coordinates);
    const weights: PointTransformerV3BlockWeights = {
      position: branchOf(inputs),
      encoder: weightsOf(inputs, ''),
      relativeBias: inputs.relativeBias as tf.Tensor2D | undefined,
    };
    const x = new SparseTensor(toSites(inputs.x as tf.Tensor2D), map);
    return { y: toRows(pointTransformerV3Block(x, weights, options).features) };
  },
  define(inputs, { heads, normalize = 'normFirst', ...options }) {
    const { x, coordinates } = inputs;
    const values = exactBranch(inputs);
    const sets = exactPatches(coordinates, options);
    const attrs = { sets, heads, activation: 'gelu', order: normalize } as const;
    return { y: { shape: x.shape, values: encoded({ ...inputs, x: { shape: x.shape, values } }, attrs) } };
  },
};

const tolerance = { output: 1e-5, gradient: 1e-4, reason: 'a convolution, eight products and three normalizations in a row' }; // prettier-ignore

export const operation = defineTensorCases<BlockCase, PointTransformerV3BlockOptions>(
  block,
  ({ count, batches, channels, hidden, bound, seed, ...attrs }) => {
    const sites = drawSites({ count, extent: [4, 4, 4], batches, isShuffled: true }, seed);
    return {
      tolerance,
      inputs: {
        x: drawTensor([count, channels], seed + 1),
        coordinates: { shape: [count, 4], values: sites.flat(), dtype: 'int32' },
        ...drawBranch(3, channels, seed + 2),
        ...drawEncoder(channels, hidden, seed + 10),
        ...(bound !== undefined && { relativeBias: drawTensor([3 * (2 * bound + 1), attrs.heads], seed + 30) }),
      },
      attrs,
      gradients: [
        'x',
        'filterBias',
        'linear',
        'branchScale',
        'inner',
        ...(bound !== undefined ? ['relativeBias'] : []),
      ],
      seed: seed + 31,
    };
  },
  (control) => [
    control('z', { count: 9, batches: [0, 1], channels: 4, hidden: 5, heads: 2, order: 'z', patchSize: 4, seed: 6800 }),
    control.with('hilbert-relative-bias', { order: 'hilbert', bound: 2 }),
    control.with('norm-last', { normalize: 'normLast' }),
    control.with('one-site', { count: 1, batches: [0] }),
  ],
);

export const calls: readonly CallCase[] = [
  {
    id: 'point-transformer-block/convolution-that-changes-channels',
    call: () => {
      const { map } = mapOrder('point-transformer-block', tf.tensor2d([[0, 0, 0, 0]], [1, 4], 'int32'));
      const x = new SparseTensor(tf.ones([1, 4]), map);
      const convolve = () => x.withFeatures(tf.ones([1, 3]));
      const norm = { scale: tf.ones([4]), offset: tf.ones([4]) };
      const position = {
        convolve,
        linear: tf.ones([4, 4]),
        linearBias: tf.ones([4]),
        norm,
      } as ConvolutionBranchWeights;
      const weights = { position } as PointTransformerV3BlockWeights;
      pointTransformerV3Block(x, weights, { heads: 2, order: 'z', patchSize: 4 });
    },
    error: 'RangeError: convolutionBranch: convolve must keep the sites and channels, got [1, 3]',
  },
];

/** Blocks of Point Transformer V3 by their own weights. */
export const peers: PeerReader = (file, name) => {
  if (sourceOf(file) !== 'Pointcept/PointTransformerV3' || !name.startsWith('block')) return null;
  const {
    num_heads: heads,
    order,
    patch_size_max: patchSize,
    pre_norm: isFirst,
  } = attributesOf<{
    num_heads: number;
    order: PointTransformerV3BlockOptions['order'];
    patch_size_max: number;
    pre_norm: boolean;
  }>(file);
  const names = blockNames(file, '', 'cpe');
  return [
    {
      operation: block,
      attrs: { heads, order, patchSize, smallClouds: 'smallestCloud', normalize: isFirst ? 'normFirst' : 'normLast' },
      inputs: { x: tensorOf(file, 'in.x'), coordinates: pointCoordinates(file), ...blockTensors(file, names, 'w.') },
      outputs: { y: tensorOf(file, 'out.y') },
      cotangents: { y: tensorOf(file, 'gout.y') },
      gradients: { x: tensorOf(file, 'grad.x'), ...blockTensors(file, names, 'grad.w.') },
      tolerance: { ...tolerance, reason: 'float32 sums in another order than the peer' },
    },
  ];
};
