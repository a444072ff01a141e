import * as tf from '@tensorflow/tfjs-core';
import { SparseTensor } from '@tfjs-sparse/core';
import {
  flatFormerBlock,
  setEncoder,
  siteSets,
  type FlatFormerBlockOptions,
  type SetEncoderWeights,
} from '@tfjs-sparse/window-attention';
import { drawSites } from '../../oracle/draw-sites.js';
import { sortedSites } from '../../oracle/sites.js';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation, Tensors } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { encoded } from './shared/exact-encoder.js';
import { exactGroups } from './shared/exact-groups.js';
import { layerInputs, layerWeights, weightsOf } from './shared/encoder-weights.js';
import { mapOrder } from './shared/map-order.js';
import { peerFlatFormer } from './shared/peer-flat-former.js';

interface BlockAttrs extends Omit<FlatFormerBlockOptions, 'position' | 'axes'> {
  /** Rows of the groups of each layer, in place of ours. */
  readonly sets?: readonly (readonly (readonly number[])[])[];
}

interface BlockCase {
  readonly count: number;
  readonly channels: number;
  readonly hidden: number;
  readonly heads: number;
  readonly windowSize: readonly number[];
  readonly groupSize: number;
  readonly batches: readonly number[];
  readonly seed: number;
}

const layers = [0, 1, 2, 3];

const block: TensorOperation<BlockAttrs> = {
  op: 'flat-former-block',
  inputs: {
    x: 'float32',
    position: 'float32',
    coordinates: 'int32',
    ...Object.assign({}, ...layers.map((layer) => layerInputs(layer))),
  } as Record<string, 'float32' | 'int32'>,
  outputs: { y: 'float32' },
  attributes: {
    heads: field.number,
    windowSize: field.numbers,
    groupSize: field.number,
    activation: field.optional(field.oneOf('relu', 'gelu')),
    sets: field.optional(field.listOf(field.listOf(field.numbers))),
  },
  forward(inputs, { sets, ...attrs }) {
    if (sets) return { y: chainOf(inputs, sets, attrs) };
    const { map, toSites, toRows } = mapOrder('flat-former-block', inputs.coordinates);
    const [features, position] = [inputs.x, inputs.position].map((rows) => toSites(rows as tf.Tensor2D));
    const weights = layers.map((layer): SetEncoderWeights => weightsOf(inputs, `_${layer}`));
    return { y: toRows(flatFormerBlock(new SparseTensor(features, map), weights, { ...attrs, position }).features) };
  },
  define(inputs, { heads, windowSize, groupSize, activation = 'gelu' }) {
    const { x, position, coordinates } = inputs;
    const columns = coordinates.shape[1];
    const rows = Array.from({ length: x.shape[0] }, (_, row) =>
      coordinates.values.slice(row * columns, (row + 1) * columns),
    );
    const rowOf = new Map(rows.map((site, row) => [site.join(), row]));
    let { values } = x;
    for (const layer of layers) {
      const shift = windowSize.map((cells) => (layer % 2 === 1 ? Math.floor(cells / 2) : 0));
      const axes = layer < 2 ? [columns - 3, columns - 2] : [columns - 2, columns - 3];
      const groups = exactGroups(sortedSites(rows), { windowSize, shift, axes, groupSize });
      const sets = groups.map((group) => group.map((site) => rowOf.get(site.join())!));
      const weights = Object.fromEntries(layerWeights.map((name) => [name, inputs[`${name}_${layer}`]]));
      const attrs = { sets, heads, activation, order: 'normLast' } as const;
      values = encoded({ ...weights, x: { shape: x.shape, values }, position }, attrs);
    }
    return { y: { shape: x.shape, values } };
  },
};

/** The layers of a block with given groups. */
function chainOf(inputs: Tensors, sets: NonNullable<BlockAttrs['sets']>, { heads, activation }: BlockAttrs): tf.Tensor {
  const position = inputs.position as tf.Tensor2D;
  return sets.reduce((x, ofLayer, layer) => {
    const own = siteSets({ siteCount: x.shape[0], sets: ofLayer });
    return setEncoder(x, own, weightsOf(inputs, `_${layer}`), { heads, activation, position });
  }, inputs.x as tf.Tensor2D);
}

const tolerance = { output: 1e-5, gradient: 1e-4, reason: 'four encoder layers in a row' };

export const operation = defineTensorCases<BlockCase, BlockAttrs>(
  block,
  ({ count, channels, hidden, heads, windowSize, groupSize, batches, seed }) => {
    const sites = drawSites({ count, extent: windowSize.map(() => 7), batches }, seed);
    const shapes = (name: string) => {
      if (name === 'qkv') return [channels, 3 * channels];
      if (name === 'output') return [channels, channels];
      if (name === 'inner') return [channels, hidden];
      if (name === 'outer') return [hidden, channels];
      return [name === 'qkvBias' ? 3 * channels : name === 'innerBias' ? hidden : channels];
    };
    const weights = layers.flatMap((layer) =>
      layerWeights.map((name, i) => [`${name}_${layer}`, drawTensor(shapes(name), seed + 20 * layer + i + 5)] as const),
    );
    return {
      tolerance,
      inputs: {
        x: drawTensor([sites.length, channels], seed + 1),
        position: drawTensor([sites.length, channels], seed + 2),
        coordinates: { shape: [sites.length, 1 + windowSize.length], values: sites.flat(), dtype: 'int32' },
        ...Object.fromEntries(weights),
      },
      attrs: { heads, windowSize, groupSize },
      gradients: ['x', 'position'],
      seed: seed + 3,
    };
  },
  (control) => [
    control('rank-3', { count: 9, channels: 4, hidden: 5, heads: 2, windowSize: [1, 3, 3], groupSize: 4, batches: [0], seed: 6500 }), // prettier-ignore
    control.with('rank-2', { windowSize: [3, 2] }),
    control.with('two-clouds', { count: 5, batches: [0, 1], groupSize: 3 }),
  ],
);

export const calls: readonly CallCase[] = [
  {
    id: 'flat-former-block/three-layers',
    call: () => {
      const { map } = mapOrder('flat-former-block', tf.tensor2d([[0, 0, 0]], [1, 3], 'int32'));
      const x = new SparseTensor(tf.ones([1, 4]), map);
      flatFormerBlock(x, [], { heads: 1, windowSize: [2, 2], groupSize: 2 });
    },
    error: 'RangeError: flatFormerBlock: weights must be those of 4 layers, got 0',
  },
];

/** FlatFormer's by its own weights. */
export const peers = peerFlatFormer(block);
