import * as tf from '@tensorflow/tfjs';
import type { SparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import * as ops from './index.js';
import { channels, clouds, describeSaved, outputOf, pointwise, reloaded } from './layers-fixture.spec.js';
import {
  AttentionPooling,
  DSVTBlock,
  FlatFormerBlock,
  Gelu,
  LitePTBlock,
  PointTransformerV3Block,
  SerializedPooling,
  SerializedUnpooling,
  SetAttention,
} from './layers.js';

const keeping: readonly [name: string, layer: () => tf.layers.Layer][] = [
  ['SetAttention', () => new SetAttention({ heads: 2, partition: { kind: 'windows', windowSize: [2, 4, 4] } })],
  [
    'SetAttention, positions and rope',
    () =>
      new SetAttention({
        heads: 2,
        partition: { kind: 'serializedPatches', order: 'hilbert', patchSize: 6 },
        positions: { axes: [1, 2] },
        ropeFrequency: 50,
        axes: [1],
        useBias: false,
      }),
  ],
  [
    'SetAttention, relative bias',
    () =>
      new SetAttention({
        heads: 4,
        partition: { kind: 'dsvtSets', windowSize: [2, 4, 4], setSize: 5 },
        relativeBound: 2,
      }),
  ],
  ['DSVTBlock', () => new DSVTBlock({ heads: 2, windowSize: [2, 4, 4], shift: [1, 2, 2], setSize: 6 })],
  ['FlatFormerBlock', () => new FlatFormerBlock({ heads: 2, windowSize: [2, 4, 4], groupSize: 7 })],
  [
    'PointTransformerV3Block',
    () => new PointTransformerV3Block({ heads: 2, patchSize: 6, relativeBound: 3, convolution: pointwise() }),
  ],
  [
    'LitePTBlock',
    () => new LitePTBlock({ heads: 1, patchSize: 6, axes: [1, 2], order: 'hilbert', convolution: pointwise() }),
  ],
  ['LitePTBlock without a convolution', () => new LitePTBlock({ heads: 1, patchSize: 6, axes: [0, 1] })],
  ['Gelu', () => new Gelu({ approximation: 'tanh' })],
];

function onCoords(layer: tf.layers.Layer): tf.LayersModel {
  const inputs = [tf.input({ shape: [channels] }), tf.input({ shape: [4], dtype: 'int32' })];
  return tf.model({ inputs, outputs: layer.apply(inputs) as tf.SymbolicTensor });
}

for (const [name, layer] of keeping) describeSaved(name, () => onCoords(layer()));

describe('FlatFormerBlock', () => {
  it('says what a site attends to in each of its layers', async () => {
    const block = new FlatFormerBlock({ heads: 2, windowSize: [2, 4, 4], groupSize: 7 });
    const model = onCoords(block);
    const x = clouds();
    const before = tf.memory().numTensors;
    for (const layer of [0, 1, 2, 3]) {
      const groups = block.groups(x.map)[layer];
      const { keys, weights } = await block.attentionWeights(x, layer, 9);
      const set = groups.starts.findIndex((_, i) => groups.starts[i + 1] > groups.places[9]);
      expect(keys).toEqual(groups.sites.slice(groups.starts[set], groups.starts[set + 1]));
      for (const head of [0, 1]) {
        const ofHead = weights.slice(head * keys.length, (head + 1) * keys.length);
        expect(ofHead.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      }
    }
    expect(tf.memory().numTensors).toBe(before);
    await expectAsync(block.attentionWeights(x, 4, 0)).toBeRejectedWithError(/layer must be from 0 to 3, got 4$/);
    model.dispose();
    x.dispose();
  });
});

for (const [name, layer] of keeping) {
  it(`${name} is the same in a Sequential model`, async () => {
    const model = onCoords(layer());
    const sequential = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [channels] })] });
    const own = layer();
    sequential.add(own);
    own.setWeights(model.getWeights());
    const x = clouds();
    expect(await outputOf(sequential, x)).toEqual(await outputOf(model, x));
  });
}

describe('poolings', () => {
  it('of attention and of curves give the coords of the coarser sites, in a Sequential model too', async () => {
    for (const layer of [
      () => new AttentionPooling({ poolSize: [2, 2, 2], heads: 2 }),
      () => new SerializedPooling({ filters: 5, normalization: 'layer' }),
    ]) {
      const inputs = [tf.input({ shape: [channels] }), tf.input({ shape: [4], dtype: 'int32' })];
      const model = tf.model({ inputs, outputs: layer().apply(inputs) as tf.SymbolicTensor[] });
      const y = predict(model, clouds()) as SparseTensor;
      expect(y.map.siteCount).toBe(ops.windows(clouds().map, { windowSize: [2, 2, 2] }).setCount);
      const sequential = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [channels] })] });
      const own = layer();
      sequential.add(own);
      own.setWeights(model.getWeights());
      expect(await outputOf(sequential, clouds())).toEqual(Array.from(await y.features.data()));
      const again = await reloaded(model);
      expect(await outputOf(again, clouds())).toEqual(Array.from(await y.features.data()));
    }
  });

  it('refuse to unpool less than two clouds of sites', () => {
    const inputs = [tf.input({ shape: [channels] }), tf.input({ shape: [4], dtype: 'int32' })];
    expect(() => new SerializedUnpooling({ name: 'up', filters: 3 }).apply(inputs)).toThrowError(
      'up: inputs must be features, coords, coarser features and coarser coords, got 2',
    );
  });
});

describe('arguments', () => {
  it('that are wrong are named', () => {
    const partition = { kind: 'blocks' as 'windows', windowSize: [2, 2, 2] };
    expect(() => new SetAttention({ heads: 2, partition })).toThrowError(
      'SetAttention: kind of partition must be one of windows, dsvtSets, flatFormerGroups, serializedPatches, got blocks',
    );
    expect(() => new LitePTBlock({ heads: 2, patchSize: 4, attention: false })).toThrowError(
      'LitePTBlock: attention must be true where there is no convolution, got false',
    );
    const used = pointwise('used');
    used.apply(tf.input({ shape: [channels] }));
    expect(() => new PointTransformerV3Block({ heads: 2, patchSize: 4, convolution: used })).toThrowError(
      "PointTransformerV3Block: convolution must be a layer that is not in use, got 'used'",
    );
  });
});
