import * as tf from '@tensorflow/tfjs-core';
import { SparseTensor } from '@tfjs-sparse/core';
import { litePTBlock, type LitePTBlockOptions, type LitePTBlockWeights } from '@tfjs-sparse/window-attention';
import { drawSites } from '../../oracle/draw-sites.js';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { PeerReader } from '../../src/peer-goldens.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation, Tensors } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { branchInputs, branchOf, drawBranch, exactBranch } from './shared/branch-operands.js';
import { drawEncoder, encoderInputs, weightsOf } from './shared/encoder-weights.js';
import { encoded, normalized } from './shared/exact-encoder.js';
import { exactPatches } from './shared/exact-patches.js';
import { mapOrder } from './shared/map-order.js';
import { tensorOf } from './shared/peer-attention.js';
import { blockNames, blockTensors, pointCoordinates } from './shared/peer-serialized-block.js';
import { attributesOf, sourceOf } from './shared/peer-tables.js';
import { serializationFields } from './shared/serialization-fields.js';

interface BlockCase extends LitePTBlockOptions {
  readonly count: number;
  readonly channels: number;
  readonly hidden: number;
  /** What the block has of convolution and attention. */
  readonly parts: readonly ('convolution' | 'attention')[];
  readonly seed: number;
}

const block: TensorOperation<LitePTBlockOptions> = {
  op: 'lite-pt-block',
  inputs: {
    x: 'float32',
    coordinates: 'int32',
    ...branchInputs,
    scale0: 'float32',
    offset0: 'float32',
    ...encoderInputs,
  },
  optional: [...Object.keys(branchInputs), 'scale0', 'offset0', ...Object.keys(encoderInputs)],
  outputs: { y: 'float32' },
  attributes: { ...serializationFields, frequency: field.optional(field.number) },
  forward(inputs, options) {
    const { map, toSites, toRows } = mapOrder('lite-pt-block', inputs.coordinates);
    const x = new SparseTensor(toSites(inputs.x as tf.Tensor2D), map);
    return { y: toRows(litePTBlock(x, blockWeights(inputs), options).features) };
  },
  define(inputs, { heads, frequency = 100, normalize = 'normFirst', ...options }) {
    const { x, coordinates, filter, scale0, offset0, qkv } = inputs;
    const values = filter ? exactBranch(inputs) : normalized(x.values, scale0.values, offset0.values, 1e-5);
    if (!qkv) return { y: { shape: x.shape, values } };
    const greatest = Math.max(...coordinates.values.filter((_, i) => i % 4 > 0)); // of coordinates from 0
    const sets = exactPatches(coordinates, { depth: Math.floor(Math.log2(greatest + 1)) + 1, ...options });
    const attrs = { sets, heads, activation: 'gelu', order: normalize, rope: frequency } as const;
    return { y: { shape: x.shape, values: encoded({ ...inputs, x: { shape: x.shape, values } }, attrs) } };
  },
};

function blockWeights(inputs: Tensors): LitePTBlockWeights {
  const { filter, scale0, offset0, qkv } = inputs;
  return {
    convolution: filter && branchOf(inputs),
    norm: scale0 && { scale: scale0 as tf.Tensor1D, offset: offset0 as tf.Tensor1D },
    encoder: qkv && weightsOf(inputs, ''),
  };
}

const tolerance = { output: 1e-5, gradient: 1e-4, reason: 'a convolution, eight products and three normalizations in a row' }; // prettier-ignore

export const operation = defineTensorCases<BlockCase, LitePTBlockOptions>(
  block,
  ({ count, channels, hidden, parts, seed, ...attrs }) => {
    const sites = drawSites({ count, extent: [4, 4, 4], batches: [0, 1], isShuffled: true }, seed);
    const hasConvolution = parts.includes('convolution');
    const hasAttention = parts.includes('attention');
    return {
      tolerance,
      inputs: {
        x: drawTensor([count, channels], seed + 1),
        coordinates: { shape: [count, 4], values: sites.flat(), dtype: 'int32' },
        ...(hasConvolution
          ? drawBranch(3, channels, seed + 2)
          : { scale0: drawTensor([channels], seed + 8), offset0: drawTensor([channels], seed + 9) }),
        ...(hasAttention && drawEncoder(channels, hidden, seed + 10)),
      },
      attrs,
      gradients: ['x', ...(hasConvolution ? ['linear'] : ['scale0', 'offset0']), ...(hasAttention ? ['inner'] : [])],
      seed: seed + 31,
    };
  },
  (control) => [
    control('both', { count: 8, channels: 6, hidden: 5, parts: ['convolution', 'attention'], heads: 1, order: 'z', patchSize: 4, seed: 6900 }), // prettier-ignore
    control.with('attention', { parts: ['attention'], order: 'hilbert-trans', frequency: 50 }),
    control.with('convolution', { parts: ['convolution'] }),
    control.with('norm-last', { normalize: 'normLast' }),
  ],
);

const refusal = (name: string, weights: () => Readonly<Record<string, tf.Tensor>>, error: string): CallCase => ({
  id: `lite-pt-block/${name}`,
  call: () => {
    const { map } = mapOrder('lite-pt-block', tf.tensor2d([[0, 0, 0, 0]], [1, 4], 'int32'));
    const x = new SparseTensor(tf.ones([1, 6]), map);
    litePTBlock(x, blockWeights(weights()), { heads: 1, order: 'z', patchSize: 4 });
  },
  error: `RangeError: litePTBlock: ${error}`,
});
const norm = () => ({ scale0: tf.ones([6]), offset0: tf.ones([6]) });

export const calls: readonly CallCase[] = [
  refusal('nothing', () => ({}), 'weights must have one of convolution and norm, got []'),
  refusal('two-starts', () => ({ ...norm(), filter: tf.ones([27, 6, 6]) }), 'weights must have one of convolution and norm, got [convolution, norm]'), // prettier-ignore
  refusal('norm-alone', norm, 'weights must have a convolution or an encoder, got none'),
];

/** LitePT's blocks by their own weights. */
export const peers: PeerReader = (file, name) => {
  if (sourceOf(file) !== 'prs-eth/LitePT' || !name.startsWith('block')) return null;
  const attributes = attributesOf<{
    num_heads: number;
    order: LitePTBlockOptions['order'];
    patch_size: number;
    rope_freq: number;
    serialized_depth: number;
  }>(file);
  const names = blockNames(file, '', 'conv');
  return [
    {
      operation: block,
      attrs: {
        heads: attributes.num_heads,
        order: attributes.order,
        patchSize: attributes.patch_size,
        depth: attributes.serialized_depth,
        frequency: attributes.rope_freq,
      },
      inputs: { x: tensorOf(file, 'in.x'), coordinates: pointCoordinates(file), ...blockTensors(file, names, 'w.') },
      outputs: { y: tensorOf(file, 'out.y') },
      cotangents: { y: tensorOf(file, 'gout.y') },
      gradients: { x: tensorOf(file, 'grad.x'), ...blockTensors(file, names, 'grad.w.') },
      tolerance: { ...tolerance, reason: 'float32 sums in another order than the peer' },
    },
  ];
};
