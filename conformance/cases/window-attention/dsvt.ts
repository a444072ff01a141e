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
import type { TensorOperation, Tensors } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import {
  isSecond,
  layers,
  normEpsilon,
  positionAxes,
  positionWeights,
  windowsOf,
  type DsvtAttrs,
} from './shared/dsvt-stages.js';
import { drawEncoder, layerWeights, weightsOf } from './shared/encoder-weights.js';
import { exactBlock, inSiteOrder } from './shared/exact-dsvt.js';
import { exactPooling } from './shared/exact-attention-pooling.js';
import { poolingWeights } from './shared/pooling-weights.js';
import { mapOrder } from './shared/map-order.js';
import { peerDsvt } from './shared/peer-dsvt.js';

const [stages, blocks] = [2, 2];
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
