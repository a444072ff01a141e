import * as tf from '@tensorflow/tfjs-core';
import { SparseTensor } from '@tfjs-sparse/core';
import {
  layerNorm,
  serializedPooling,
  serializedUnpooling,
  type ProjectionWeights,
  type SerializedPoolingOptions,
} from '@tfjs-sparse/window-attention';
import { drawSites } from '../../oracle/draw-sites.js';
import { sortedSites } from '../../oracle/sites.js';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { PeerReader } from '../../src/peer-goldens.js';
import type { CallCase } from '../../src/run-call.js';
import type { ExactTensors, TensorOperation, Tensors } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { normalized, normalShare, times } from './shared/exact-encoder.js';
import { mapOrder } from './shared/map-order.js';
import { orientedTensor, tensorOf } from './shared/peer-attention.js';
import { pointCoordinates } from './shared/peer-serialized-block.js';
import { int32Tensor, integersOf, piecesOfSize, sourceOf } from './shared/peer-tables.js';

interface PoolingCase extends SerializedPoolingOptions {
  readonly count: number;
  readonly batches?: readonly number[];
  readonly channels: number;
  readonly filters: number;
  readonly seed: number;
}

/** Of pooling, of the finer and of the coarser sites of unpooling. */
const projections = ['pool', 'fine', 'coarse'] as const;
type Projection = (typeof projections)[number];
const parts = ['Linear', 'LinearBias', 'Scale', 'Offset'] as const;
const weightNames = projections.flatMap((projection) => parts.map((part) => projection + part));

/** Pooling, and unpooling of what it gives, both with layer normalization. */
const pooling: TensorOperation<SerializedPoolingOptions> = {
  op: 'serialized-pooling',
  inputs: {
    x: 'float32',
    coordinates: 'int32',
    ...(Object.fromEntries(weightNames.map((name) => [name, 'float32'])) as Record<string, 'float32'>),
  } as Record<string, 'float32' | 'int32'>,
  outputs: { pooled: 'float32', pooledCoordinates: 'int32', y: 'float32' },
  attributes: {
    strides: field.optional(field.numbers),
    reduction: field.optional(field.oneOf('sum', 'mean', 'max')),
  },
  forward(inputs, options) {
    const { map, toSites, toRows } = mapOrder('serialized-pooling', inputs.coordinates);
    const x = new SparseTensor(toSites(inputs.x as tf.Tensor2D), map);
    const pooled = serializedPooling(x, projectionOf(inputs, 'pool'), options);
    const weights = { fine: projectionOf(inputs, 'fine'), coarse: projectionOf(inputs, 'coarse') };
    const y = serializedUnpooling(x, pooled, weights, options);
    const { coordinates, siteCount, rank } = pooled.map;
    const pooledCoordinates = tf.tensor2d(coordinates.slice(), [siteCount, 1 + rank], 'int32');
    return { pooled: pooled.features, pooledCoordinates, y: toRows(y.features) };
  },
  define(inputs, { strides, reduction = 'max' }) {
    const { x, coordinates } = inputs;
    const [count, columns] = coordinates.shape;
    const cells = Array.from({ length: count }, (_, row) => {
      const [batch, ...cell] = coordinates.values.slice(row * columns, (row + 1) * columns);
      return [batch, ...cell.map((value, axis) => Math.floor(value / (strides?.[axis] ?? 2)))];
    });
    const coarse = sortedSites(cells);
    const rowOf = new Map(coarse.map((cell, row) => [cell.join(), row]));
    const cellOf = cells.map((cell) => rowOf.get(cell.join())!);
    const filters = inputs.poolLinear.shape[1];
    const projected = times(x.values, count, inputs.poolLinear, inputs.poolLinearBias);
    const reduced = coarse.flatMap((_, cell) => {
      const rows = cellOf.flatMap((of, row) => (of === cell ? [row] : []));
      return Array.from({ length: filters }, (_, channel) => {
        const values = rows.map((row) => projected[row * filters + channel]);
        const sum = values.reduce((total, value) => total + value, 0);
        return reduction === 'max' ? Math.max(...values) : reduction === 'sum' ? sum : sum / values.length;
      });
    });
    const pooled = finished(reduced, inputs, 'pool');
    const ofFine = finished(times(x.values, count, inputs.fineLinear, inputs.fineLinearBias), inputs, 'fine');
    const ofCoarse = finished(
      times(pooled, coarse.length, inputs.coarseLinear, inputs.coarseLinearBias),
      inputs,
      'coarse',
    );
    const y = ofFine.map((value, i) => value + ofCoarse[cellOf[Math.floor(i / filters)] * filters + (i % filters)]);
    return {
      pooled: { shape: [coarse.length, filters], values: pooled },
      pooledCoordinates: { shape: [coarse.length, columns], values: coarse.flat() },
      y: { shape: [count, filters], values: y },
    };
  },
};

function projectionOf(inputs: Tensors, name: Projection): ProjectionWeights {
  const [scale, offset] = [inputs[`${name}Scale`], inputs[`${name}Offset`]] as tf.Tensor1D[];
  return {
    linear: inputs[`${name}Linear`] as tf.Tensor2D,
    linearBias: inputs[`${name}LinearBias`] as tf.Tensor1D,
    normalize: (x) => layerNorm(x, scale, offset),
  };
}

/** Normalised over channels and through gelu. */
function finished(values: number[], inputs: ExactTensors, name: Projection): number[] {
  const rows = normalized(values, inputs[`${name}Scale`].values, inputs[`${name}Offset`].values, 1e-5);
  return rows.map((value) => value * normalShare(value));
}

const tolerance = { output: 5e-6, gradient: 5e-5, reason: 'three products and three normalizations in float32' };

export const operation = defineTensorCases<PoolingCase, SerializedPoolingOptions>(
  pooling,
  ({ count, batches = [0, 1], channels, filters, seed, ...attrs }) => {
    const sites = drawSites({ count, extent: [5, 5, 5], batches, isShuffled: true }, seed);
    const weights = projections.flatMap((name, i) => [
      [`${name}Linear`, drawTensor([name === 'coarse' ? filters : channels, filters], seed + 10 * i + 2)] as const,
      ...(['LinearBias', 'Scale', 'Offset'] as const).map(
        (part, j) => [name + part, drawTensor([filters], seed + 10 * i + 3 + j)] as const,
      ),
    ]);
    return {
      tolerance,
      inputs: {
        x: drawTensor([count, channels], seed + 1),
        coordinates: { shape: [count, 4], values: sites.flat(), dtype: 'int32' },
        ...Object.fromEntries(weights),
      },
      attrs,
      gradients: ['x', ...weights.map(([name]) => name)],
      differentiated: ['y'],
      seed: seed + 50,
    };
  },
  (control) => [
    control('max', { count: 12, channels: 3, filters: 4, seed: 7000 }),
    control.with('mean', { reduction: 'mean' }),
    control.with('strides', { strides: [1, 3, 2] }),
    control.with('one-site', { count: 1, batches: [0] }),
  ],
);

const pair = () => mapOrder('serialized-pooling', tf.tensor2d([[0, 0, 0], [0, 3, 3]], [2, 3], 'int32')).map; // prettier-ignore
const projection = () => ({ linear: tf.ones([1, 1]), linearBias: tf.ones([1]) }) as ProjectionWeights;

export const calls: readonly CallCase[] = [
  {
    id: 'serialized-pooling/another-reduction',
    call: () =>
      serializedPooling(new SparseTensor(tf.ones([2, 1]), pair()), projection(), { reduction: 'min' as 'max' }),
    error: "RangeError: serializedPooling: reduction must be 'sum', 'mean' or 'max', got min",
  },
  {
    id: 'serialized-pooling/other-coarse-sites',
    call: () => {
      const x = new SparseTensor(tf.ones([2, 1]), pair());
      serializedUnpooling(x, x, { fine: projection(), coarse: projection() });
    },
    error: 'RangeError: serializedUnpooling: coarse must have the 2 pooled sites of fine, got 2',
  },
];

/** Pooling and unpooling of Point Transformer V3; its pooled sites follow a curve, ours their coordinates. */
export const peers: PeerReader = (file, name) => {
  if (sourceOf(file) !== 'Pointcept/PointTransformerV3' || !name.startsWith('pool_unpool')) return null;
  const cells = piecesOfSize(integersOf(file, 'out.pooled_grid_coord'), 3);
  const sites = integersOf(file, 'out.pooled_batch').map((batch, row) => [batch, ...cells[row]]);
  const rowOf = new Map(sites.map((site, row) => [site.join(), row]));
  const sorted = sortedSites(sites);
  const pooled = tensorOf(file, 'out.pooled');
  const [, filters] = pooled.shape;
  const rows = sorted.flatMap((site) => {
    const first = rowOf.get(site.join())! * filters;
    return Array.from({ length: filters }, (_, channel) => Number(pooled.values[first + channel]));
  });
  const paths = { pool: ['pool.proj', 'pool.norm.0'], fine: ['unpool.proj_skip.0', 'unpool.proj_skip.1'], coarse: ['unpool.proj.0', 'unpool.proj.1'] }; // prettier-ignore
  const weights = (start: string) =>
    Object.fromEntries(
      projections.flatMap((projection) => {
        const [linear, norm] = paths[projection];
        return [
          [`${projection}Linear`, orientedTensor(file, `${start}${linear}.weight`, true)],
          [`${projection}LinearBias`, tensorOf(file, `${start}${linear}.bias`)],
          [`${projection}Scale`, tensorOf(file, `${start}${norm}.weight`)],
          [`${projection}Offset`, tensorOf(file, `${start}${norm}.bias`)],
        ];
      }),
    );
  return [
    {
      operation: pooling,
      attrs: { strides: [2, 2, 2] },
      inputs: { x: tensorOf(file, 'in.x'), coordinates: pointCoordinates(file), ...weights('w.') },
      outputs: {
        pooled: { dtype: 'F32', shape: pooled.shape, values: Float32Array.from(rows) },
        pooledCoordinates: int32Tensor(sorted.flat(), [sorted.length, 4]),
        y: tensorOf(file, 'out.y'),
      },
      cotangents: { y: tensorOf(file, 'gout.y') },
      gradients: { x: tensorOf(file, 'grad.x'), ...weights('grad.w.') },
      tolerance: { output: 1e-5, gradient: 1e-4, reason: 'float32 sums in another order than the peer' },
    },
  ];
};
