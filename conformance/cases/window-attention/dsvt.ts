import * as tf from '@tensorflow/tfjs-core';
import { siteNormalize, SparseTensor } from '@tfjs-sparse/core';
import {
  attentionPooling,
  dsvtBlock,
  linear,
  windowOffsets,
  type AttentionPoolingWeights,
  type DSVTBlockWeights,
} from '@tfjs-sparse/window-attention';
import { drawSites } from '../../oracle/draw-sites.js';
import { drawTensor, type SourceTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { ExactTensor, ExactTensors, TensorOperation, Tensors } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { drawEncoder, layerWeights, weightsOf } from './shared/encoder-weights.js';
import { exactDsvtSets } from './shared/exact-dsvt-sets.js';
import { encoded, normalized, times } from './shared/exact-encoder.js';
import { exactPooling } from './shared/exact-attention-pooling.js';
import { poolingWeights } from './shared/pooling-weights.js';
import { mapOrder } from './shared/map-order.js';
import { peerDsvt } from './shared/peer-dsvt.js';
import { sortedSites, type Site } from '../../oracle/sites.js';

/** Stages of DSVT's backbone; maps have axes z, y, x. */
export interface DsvtAttrs {
  readonly heads: number;
  /** Of each stage, before the windows of every second block grow by `hybrid`. */
  readonly windowSizes: readonly (readonly number[])[];
  readonly hybrid: readonly number[];
  /** Of every second block, counted through all stages. */
  readonly shift: readonly number[];
  readonly setSize: number;
  /** Of each stage. */
  readonly blocks: readonly number[];
  /** Between stages. */
  readonly poolSizes: readonly (readonly number[])[];
}

const [stages, blocks, layers] = [2, 2, 2];
const positionWeights = ['Inner', 'InnerBias', 'Mean', 'Variance', 'Scale', 'Offset', 'Outer', 'OuterBias'] as const;
const poolingNames = ['qkv', 'qkvBias', 'output', 'outputBias', 'position', 'scale', 'offset'] as const;

/** The operands of every layer, block and pooling that there can be. */
function weightNames(): string[] {
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  return range(stages).flatMap((stage) => [
    ...poolingNames.map((name) => `pool_${name}_${stage}`),
    ...range(blocks).flatMap((block) => [
      ...['blockScale', 'blockOffset'].map((name) => `${name}_${stage}_${block}`),
      ...range(layers).flatMap((layer) =>
        [...layerWeights, 'layerScale', 'layerOffset', ...positionWeights.map((name) => `position${name}`)].map(
          (name) => `${name}_${stage}_${block}_${layer}`,
        ),
      ),
    ]),
  ]);
}

const names = weightNames();
const normEpsilon = 1e-5;

const dsvt: TensorOperation<DsvtAttrs> = {
  op: 'dsvt',
  inputs: {
    x: 'float32',
    coordinates: 'int32',
    ...Object.fromEntries(names.map((name) => [name, 'float32'])),
  } as Record<string, 'float32' | 'int32'>,
  optional: names,
  outputs: { y: 'float32', yCoordinates: 'int32' },
  attributes: {
    heads: field.number,
    windowSizes: field.listOf(field.numbers),
    hybrid: field.numbers,
    shift: field.numbers,
    setSize: field.number,
    blocks: field.numbers,
    poolSizes: field.listOf(field.numbers),
  },
  forward(inputs, attrs) {
    const { map, toSites } = mapOrder('dsvt', inputs.coordinates);
    let x = new SparseTensor(toSites(inputs.x as tf.Tensor2D), map);
    attrs.blocks.forEach((count, stage) => {
      for (let block = 0; block < count; block++) x = runBlock(x, inputs, attrs, [stage, block]);
      const poolSize = attrs.poolSizes[stage];
      if (poolSize) x = attentionPooling(x, poolingOf(inputs, stage), { poolSize });
    });
    const { coordinates, siteCount, rank } = x.map;
    return { y: x.features, yCoordinates: tf.tensor2d(coordinates.slice(), [siteCount, 1 + rank], 'int32') };
  },
  define(inputs, attrs) {
    let { x, coordinates } = inSiteOrder(inputs);
    attrs.blocks.forEach((count, stage) => {
      for (let block = 0; block < count; block++) x = exactBlock(x, coordinates, inputs, attrs, [stage, block]);
      const poolSize = attrs.poolSizes[stage];
      if (!poolSize) return;
      const weights = Object.fromEntries(poolingNames.map((name) => [name, inputs[`pool_${name}_${stage}`]]));
      const pooled = exactPooling({ x, coordinates, ...weights }, { poolSize });
      [x, coordinates] = [pooled.y, pooled.coordinates];
    });
    return { y: x, yCoordinates: coordinates };
  },
};

/** Windows of a layer's sets and of its positions, which do not follow the shift of the block. */
function windowsOf({ windowSizes, hybrid, shift }: DsvtAttrs, stage: number, isShifted: boolean) {
  const base = windowSizes[stage];
  if (!isShifted) return { windowSize: base, shift: base.map(() => 0) };
  return { windowSize: base.map((cells, axis) => cells * hybrid[axis]), shift };
}

/** Whether a block is the second of a pair. */
function isSecond({ blocks: counts }: DsvtAttrs, stage: number, block: number): boolean {
  return counts.slice(0, stage).reduce((sum, count) => sum + count, block) % 2 === 1;
}

/** Axes that positions are of: x, y, and z unless windows are one cell high. */
function positionAxes({ windowSizes }: DsvtAttrs, stage: number): number[] {
  return windowSizes[stage][0] === 1 ? [2, 1] : [2, 1, 0];
}

function runBlock(x: SparseTensor, inputs: Tensors, attrs: DsvtAttrs, [stage, block]: readonly number[]): SparseTensor {
  const suffix = `_${stage}_${block}`;
  const vector = (name: string) => inputs[name] as tf.Tensor1D;
  const positions = [0, 1].map((layer) => {
    const of = (name: (typeof positionWeights)[number]) => vector(`position${name}${suffix}_${layer}`);
    const matrix = (name: (typeof positionWeights)[number]) => of(name) as tf.Tensor as tf.Tensor2D;
    const windows = windowsOf(attrs, stage, layer === 1);
    const offsets = windowOffsets(x.map, { ...windows, axes: positionAxes(attrs, stage) });
    const hidden = linear(offsets, matrix('Inner'), of('InnerBias'));
    const normal = siteNormalize(hidden, of('Mean'), of('Variance'), of('Scale'), of('Offset'), normEpsilon);
    return linear(tf.relu(normal), matrix('Outer'), of('OuterBias'));
  });
  const weights: DSVTBlockWeights = {
    layers: [0, 1].map((layer) => ({
      encoder: weightsOf(inputs, `${suffix}_${layer}`),
      norm: { scale: vector(`layerScale${suffix}_${layer}`), offset: vector(`layerOffset${suffix}_${layer}`) },
    })),
    norm: { scale: vector(`blockScale${suffix}`), offset: vector(`blockOffset${suffix}`) },
  };
  const { windowSize, shift } = windowsOf(attrs, stage, isSecond(attrs, stage, block));
  const { heads, setSize } = attrs;
  return dsvtBlock(x, weights, { heads, setSize, windowSize, shift, positions: [positions[0], positions[1]] });
}

function poolingOf(inputs: Tensors, stage: number): AttentionPoolingWeights {
  return poolingWeights(Object.fromEntries(poolingNames.map((name) => [name, inputs[`pool_${name}_${stage}`]])));
}

function rowsOf({ shape, values }: ExactTensor): number[][] {
  return Array.from({ length: shape[0] }, (_, row) => values.slice(row * shape[1], (row + 1) * shape[1]));
}

function inSiteOrder({ x, coordinates }: ExactTensors): { x: ExactTensor; coordinates: ExactTensor } {
  const sites = rowsOf(coordinates);
  const rowOf = new Map(sites.map((site, row) => [site.join(), row]));
  const sorted = sortedSites(sites);
  const features = rowsOf(x);
  return {
    x: { shape: x.shape, values: sorted.flatMap((site) => features[rowOf.get(site.join())!]) },
    coordinates: { shape: coordinates.shape, values: sorted.flat() },
  };
}

function exactBlock(
  x: ExactTensor,
  coordinates: ExactTensor,
  inputs: ExactTensors,
  attrs: DsvtAttrs,
  [stage, block]: readonly number[],
): ExactTensor {
  const sites: readonly Site[] = rowsOf(coordinates);
  const rowOf = new Map(sites.map((site, row) => [site.join(), row]));
  const plusNormalized = (a: readonly number[], b: readonly number[], name: string) =>
    normalized(a.map((value, i) => value + b[i]), inputs[name].values, inputs[name.replace('Scale', 'Offset')].values, normEpsilon); // prettier-ignore
  let { values } = x;
  for (let layer = 0; layer < layers; layer++) {
    const suffix = `_${stage}_${block}_${layer}`;
    const { windowSize, shift } = windowsOf(attrs, stage, isSecond(attrs, stage, block));
    const axes = layer === 0 ? [1, 2, 0] : [2, 1, 0];
    const partition = exactDsvtSets(sites, { windowSize, shift, setSize: attrs.setSize, axes });
    const sets = partition.sets.map((set) => set.map((site) => rowOf.get(site.join())!));
    const weights = Object.fromEntries(layerWeights.map((name) => [name, inputs[name + suffix]]));
    const position = exactPosition(sites, inputs, attrs, stage, suffix);
    const attention = { sets, heads: attrs.heads, activation: 'relu', order: 'normLast' } as const;
    const y = encoded({ ...weights, x: { shape: x.shape, values }, position: { shape: x.shape, values: position } }, attention); // prettier-ignore
    values = plusNormalized(values, y, `layerScale${suffix}`);
  }
  return { shape: x.shape, values: plusNormalized(x.values, values, `blockScale_${stage}_${block}`) };
}

/** DSVT's position embedding, Linear, BatchNorm, ReLU, Linear, of each site in the window of the layer's number. */
function exactPosition(
  sites: readonly Site[],
  inputs: ExactTensors,
  attrs: DsvtAttrs,
  stage: number,
  suffix: string,
): number[] {
  const of = (name: (typeof positionWeights)[number]) => inputs[`position${name}${suffix}`];
  const { windowSize, shift } = windowsOf(attrs, stage, suffix.endsWith('1'));
  const offsets = sites.flatMap((site) =>
    positionAxes(attrs, stage).map((axis) => {
      const moved = site[1 + axis] + shift[axis];
      return moved - Math.floor(moved / windowSize[axis]) * windowSize[axis] - windowSize[axis] / 2;
    }),
  );
  const channels = of('Mean').shape[0];
  const hidden = times(offsets, sites.length, of('Inner'), of('InnerBias')).map((value, i) => {
    const channel = i % channels;
    const [mean, variance, scale, offset] = (['Mean', 'Variance', 'Scale', 'Offset'] as const).map(
      (name) => of(name).values[channel],
    );
    return Math.max(0, ((value - mean) / Math.sqrt(variance + normEpsilon)) * scale + offset);
  });
  return times(hidden, sites.length, of('Outer'), of('OuterBias'));
}

interface DsvtCase extends DsvtAttrs {
  readonly count: number;
  readonly channels: number;
  readonly hidden: number;
  readonly seed: number;
}

const tolerance = { output: 1e-5, gradient: 1e-4, reason: 'up to four encoder layers in a row' };

export const operation = defineTensorCases<DsvtCase, DsvtAttrs>(
  dsvt,
  ({ count, channels, hidden, seed, ...attrs }) => {
    const sites = drawSites({ count, extent: [4, 6, 6], batches: [0, 1], isShuffled: true }, seed);
    const inputs: Record<string, SourceTensor> = {
      x: drawTensor([count, channels], seed + 1),
      coordinates: { shape: [count, 4], values: sites.flat(), dtype: 'int32' },
    };
    let next = seed + 2;
    const draw = (name: string, shape: number[]) => (inputs[name] = drawTensor(shape, next++));
    attrs.blocks.forEach((blockCount, stage) => {
      for (let block = 0; block < blockCount; block++) {
        for (let layer = 0; layer < layers; layer++) {
          const suffix = `_${stage}_${block}_${layer}`;
          for (const [name, tensor] of Object.entries(drawEncoder(channels, hidden, next))) inputs[name + suffix] = tensor; // prettier-ignore
          next += 20;
          const axes = positionAxes(attrs, stage).length;
          for (const name of positionWeights) {
            const shape = name === 'Inner' ? [axes, channels] : name === 'Outer' ? [channels, channels] : [channels];
            const drawn = draw(`position${name}${suffix}`, shape);
            if (name === 'Variance') inputs[`position${name}${suffix}`] = { ...drawn, values: drawn.values.map((value) => Math.fround(1.5 + value)) }; // prettier-ignore
          }
          for (const name of ['layerScale', 'layerOffset']) draw(name + suffix, [channels]);
        }
        for (const name of ['blockScale', 'blockOffset']) draw(`${name}_${stage}_${block}`, [channels]);
      }
      const poolSize = attrs.poolSizes[stage];
      if (!poolSize) return;
      const cells = poolSize.reduce((product, size) => product * size, 1);
      const shapes: Partial<Record<string, number[]>> = { qkv: [channels, 3 * channels], qkvBias: [3 * channels], output: [channels, channels], position: [cells, channels] }; // prettier-ignore
      for (const name of poolingNames) draw(`pool_${name}_${stage}`, shapes[name] ?? [channels]);
    });
    return {
      tolerance,
      inputs,
      attrs,
      gradients: ['x', 'blockScale_0_0', 'positionOuterBias_0_0_1'],
      differentiated: ['y'],
      seed: next,
    };
  },
  (control) => [
    control('one-block', { count: 12, channels: 8, hidden: 5, heads: 2, windowSizes: [[1, 3, 3]], hybrid: [1, 2, 2], shift: [0, 1, 1], setSize: 3, blocks: [1], poolSizes: [], seed: 7300 }), // prettier-ignore
    control.with('two-blocks', { blocks: [2] }),
    control.with('two-stages', { windowSizes: [[4, 3, 3], [2, 3, 3]], blocks: [1, 1], poolSizes: [[2, 1, 1]] }), // prettier-ignore
  ],
);

export const calls: readonly CallCase[] = [
  {
    id: 'dsvt/one-layer',
    call: () => {
      const { map } = mapOrder('dsvt', tf.tensor2d([[0, 0, 0]], [1, 3], 'int32'));
      const x = new SparseTensor(tf.ones([1, 4]), map);
      dsvtBlock(x, { layers: [] }, { heads: 1, windowSize: [2, 2], setSize: 2 });
    },
    error: 'RangeError: dsvtBlock: weights must be those of 2 layers, got 0',
  },
];

/** DSVT's backbones by their own weights. */
export const peers = peerDsvt(dsvt);
