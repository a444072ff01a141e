import * as tf from '@tensorflow/tfjs';
import { SparseMLP } from '../layers.js';
import { sparseMLP } from './op.js';

describe('SparseMLP', () => {
  const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });

  it('is sparseMLP on the last axis', async () => {
    const layer = new SparseMLP({ hiddenUnits: 20, units: 3, k: 4, kernelInitializer: seeded(1) });
    const x = tf.randomNormal([2, 5, 6], 0, 1, 'float32', 2);
    const y = layer.apply(x) as tf.Tensor;
    layer.setWeights(layer.getWeights().map((weight, i) => tf.randomNormal(weight.shape, 0, 1, 'float32', 3 + i)));
    const [up, upBias, down, downBias] = layer.getWeights();
    expect([up, upBias, down, downBias].map(({ shape }) => shape)).toEqual([[20, 6], [20], [20, 3], [3]]);
    expect(y.shape).toEqual([2, 5, 3]);
    const weights = {
      up: up as tf.Tensor2D,
      upBias: upBias as tf.Tensor1D,
      down: down as tf.Tensor2D,
      downBias: downBias as tf.Tensor1D,
    };
    const again = layer.apply(x) as tf.Tensor;
    expect(await again.data()).toEqual(await sparseMLP(x, weights, { k: 4 }).data());
  });

  it('draws the first matrix as a dense layer of the same kernel', async () => {
    const layer = new SparseMLP({ hiddenUnits: 20, k: 4, useBias: false, kernelInitializer: seeded(1) });
    const dense = tf.layers.dense({ units: 20, useBias: false, kernelInitializer: seeded(1) });
    for (const each of [layer, dense]) each.apply(tf.zeros([1, 6]));
    expect(layer.getWeights().length).toBe(2);
    expect(await layer.getWeights()[0].data()).toEqual(await tf.transpose(dense.getWeights()[0]).data());
  });

  it('is saved and loaded', async () => {
    const before = tf.memory().numTensors;
    const regularized = { kernelRegularizer: 'l2', biasInitializer: 'ones' };
    const layer = new SparseMLP({ hiddenUnits: 12, k: 3, inputShape: [4, 6], ...regularized });
    const original = tf.sequential({ layers: [layer] });
    let artifacts: tf.io.ModelArtifacts | undefined;
    await original.save(tf.io.withSaveHandler(async (saved) => ((artifacts = saved), { modelArtifactsInfo: null! })));
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts!));
    const { kernelRegularizer, biasInitializer } = layer.getConfig();
    const sizes = { hiddenUnits: 12, k: 3 };
    expect(loaded.layers[0].getConfig()).toEqual(
      jasmine.objectContaining({ ...sizes, kernelRegularizer, biasInitializer }),
    );
    const x = tf.randomNormal([2, 4, 6], 0, 1, 'float32', 7);
    const [y, again] = [original, loaded].map((each) => each.predict(x) as tf.Tensor);
    expect(y.shape).toEqual([2, 4, 6]);
    expect(await again.data()).toEqual(await y.data());
    tf.dispose([x, y, again]);
    for (const each of [original, loaded]) each.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('trains', async () => {
    const layer = new SparseMLP({ hiddenUnits: 16, units: 1, k: 4, inputShape: [3], kernelInitializer: seeded(5) });
    const model = tf.sequential({ layers: [layer] });
    model.compile({ optimizer: tf.train.adam(0.02), loss: 'meanSquaredError' });
    const x = tf.randomNormal([64, 3], 0, 1, 'float32', 1);
    const y = tf.sum(tf.abs(x), 1, true);
    const { history } = await model.fit(x, y, { epochs: 20, shuffle: false, verbose: 0 });
    expect(history.loss.at(-1) as number).toBeLessThan(0.3 * (history.loss[0] as number));
  });

  it('refuses sizes that it cannot have', () => {
    expect(() => new SparseMLP({ hiddenUnits: 0, k: 1 })).toThrowError(
      RangeError,
      'sparseMLP: hiddenUnits must be a whole number of at least 1, got 0',
    );
    expect(() => new SparseMLP({ hiddenUnits: 8, k: 0 })).toThrowError(
      RangeError,
      'sparseMLP: k must be a whole number of at least 1, got 0',
    );
    expect(() => new SparseMLP({ hiddenUnits: 8, k: 9 })).toThrowError(
      RangeError,
      'sparseMLP: k must be at most 8 (hiddenUnits), got 9',
    );
    expect(() => new SparseMLP({ hiddenUnits: 8, units: 2.5, k: 1 })).toThrowError(
      RangeError,
      'sparseMLP: units must be a whole number of at least 1, got 2.5',
    );
  });
});
