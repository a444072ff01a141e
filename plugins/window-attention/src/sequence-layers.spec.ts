import * as tf from '@tensorflow/tfjs';
import { blockSparseAttention, maskOfPattern } from './index.js';
import {
  BlockSparseAttention,
  SlidingWindowAttention,
  SparseVisionGraphAttention,
  SparsifinerAttention,
} from './layers.js';

const [batches, tokens, channels] = [2, 12, 8];

const kinds: readonly [name: string, shape: number[], layer: () => tf.layers.Layer][] = [
  ['SlidingWindowAttention', [tokens, channels], () => new SlidingWindowAttention({ heads: 2, left: 3 })],
  [
    'SlidingWindowAttention with sinks and shared keys',
    [tokens, channels],
    () => new SlidingWindowAttention({ heads: 4, keyHeads: 2, headChannels: 3, left: 3, sinks: 2 }),
  ],
  [
    'BlockSparseAttention',
    [tokens, channels],
    () =>
      new BlockSparseAttention({
        heads: 2,
        mask: {
          kind: 'headMasks',
          masks: [
            { kind: 'causalMask', mask: { kind: 'strided', stride: 3 } },
            { kind: 'maskUnion', masks: [{ kind: 'verticalStripes', columns: [0, 5] }, { kind: 'diagonals', offsets: [0] }] },
          ],
        },
      }),
  ], // prettier-ignore
  ['SparsifinerAttention', [tokens, channels], () => new SparsifinerAttention({ heads: 2, keep: 0.4 })],
  ['SparseVisionGraphAttention', [6, 4, channels], () => new SparseVisionGraphAttention()],
];

function modelOf(shape: number[], layer: tf.layers.Layer): tf.LayersModel {
  const input = tf.input({ shape });
  return tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
}

function drawn(shape: number[], seed: number): tf.Tensor {
  return tf.randomNormal([batches, ...shape], 0, 1, 'float32', seed);
}

async function valuesOf(model: tf.LayersModel, x: tf.Tensor): Promise<number[]> {
  const y = model.predict(x) as tf.Tensor;
  const values = Array.from(await y.data());
  y.dispose();
  return values;
}

for (const [name, shape, layer] of kinds) {
  describe(name, () => {
    it('is saved and loaded, and leaves no tensor behind', async () => {
      const model = modelOf(shape, layer());
      const x = drawn(shape, 1);
      const expected = await valuesOf(model, x);
      expect(expected.every(Number.isFinite)).toBe(true);
      const before = tf.memory().numTensors;
      expect(await valuesOf(model, x)).toEqual(expected);
      expect(tf.memory().numTensors).toBe(before);
      let saved: tf.io.ModelArtifacts | undefined;
      await model.save(
        tf.io.withSaveHandler(async (artifacts) => {
          saved = artifacts;
          return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
        }),
      );
      const artifacts = { ...saved, modelTopology: JSON.parse(JSON.stringify(saved!.modelTopology)) as object };
      const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
      expect(await valuesOf(loaded, x)).toEqual(expected);
      model.dispose();
    });

    it("is trained by tfjs' fit, every trainable weight of it", async () => {
      const model = modelOf(shape, layer());
      const weights = await Promise.all(model.trainableWeights.map((weight) => weight.read().data()));
      expect(weights.length).toBeGreaterThan(3);
      model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
      const [x, y] = [drawn(shape, 1), drawn(shape, 2)];
      const { history } = await model.fit(x, y, { epochs: 8, verbose: 0 });
      expect(history.loss.at(-1) as number).toBeLessThan(history.loss[0] as number);
      for (const [i, weight] of model.trainableWeights.entries()) {
        const after = await weight.read().data();
        const isUnmoved = weights[i].every((value, at) => value === after[at]);
        expect(isUnmoved && !/key\/bias/.test(weight.originalName))
          .withContext(weight.originalName) // a bias of all keys moves no softmax
          .toBe(false);
      }
    });
  });
}

describe('SlidingWindowAttention', () => {
  it('is attention between linear layers', async () => {
    const layer = new SlidingWindowAttention({ heads: 2, left: 3, right: 1 });
    const model = modelOf([tokens, channels], layer);
    const x = drawn([tokens, channels], 3) as tf.Tensor3D;
    const weights = layer.getWeights();
    const dense = (from: tf.Tensor, part: number) =>
      tf.add(tf.matMul(tf.reshape(from, [-1, channels]), weights[2 * part] as tf.Tensor2D), weights[2 * part + 1]);
    const [q, k, v] = [0, 1, 2].map((part) =>
      tf.transpose(tf.reshape(dense(x, part), [batches, tokens, 2, channels / 2]), [0, 2, 1, 3]),
    ) as tf.Tensor4D[];
    const mask = maskOfPattern({ kind: 'slidingWindow', left: 3, right: 1 });
    const y = dense(tf.transpose(blockSparseAttention(q, k, v, mask), [0, 2, 1, 3]), 3);
    const difference = tf.max(tf.abs(tf.sub(tf.reshape(y, x.shape), model.predict(x) as tf.Tensor)));
    expect((await difference.data())[0]).toBeLessThan(2e-6);
  });
});

describe('arguments', () => {
  it('that are wrong are named', () => {
    expect(() => new BlockSparseAttention({ heads: 2, mask: { kind: 'window' as 'strided', stride: 1 } })).toThrowError(
      'maskOfPattern: kind must be that of a mask (slidingWindow, causalMask, …), got window',
    );
    expect(() => new SlidingWindowAttention({ heads: 4, keyHeads: 3, left: 1 })).toThrowError(
      'SlidingWindowAttention: keyHeads must divide the 4 heads, got 3',
    );
    const layer = new SlidingWindowAttention({ heads: 3, left: 1, name: 'window' });
    expect(() => modelOf([tokens, channels], layer)).toThrowError(
      'window: heads must divide the 8 channels of the input, got 3',
    );
    expect(() => new SparseVisionGraphAttention({ step: 0 })).toThrowError(
      'SparseVisionGraphAttention: step must be an integer of at least 1, got 0',
    );
  });
});
