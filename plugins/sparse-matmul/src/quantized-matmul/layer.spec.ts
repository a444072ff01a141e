import * as tf from '@tensorflow/tfjs';
import { quantizedReplacement, QuantizedSparseDense } from '../layers.js';
import { quantizedMatMul } from './op.js';
import { dequantizeWeights, quantizeWeights } from './quantize.js';

describe('QuantizedSparseDense', () => {
  it('replaces a dense layer, and is the same after save and load', async () => {
    const x = tf.randomNormal([3, 40], 0, 1, 'float32', 1);
    const dense = tf.layers.dense({ units: 5, activation: 'relu', inputShape: [40], biasInitializer: 'ones' });
    tf.sequential({ layers: [dense] });
    const { layer, weights } = (await quantizedReplacement({ bits: 8, groupSparsity: 0.5 })(dense))!;
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [40] }), layer] });
    layer.setWeights(weights);
    const [kernel, bias] = dense.getWeights();
    const quantized = quantizeWeights(await kernel.data(), [40, 5], { bits: 8, groupSparsity: 0.5 });
    const expected = tf.tidy(() =>
      tf.relu(tf.add(tf.matMul(x, tf.tensor2d(dequantizeWeights(quantized), [40, 5])), bias)),
    );
    const y = model.predict(x) as tf.Tensor;
    expect(await tf.max(tf.abs(tf.sub(y, expected))).array()).toBeLessThan(1e-6);
    let artifacts: tf.io.ModelArtifacts | undefined;
    await model.save(tf.io.withSaveHandler(async (saved) => ((artifacts = saved), { modelArtifactsInfo: null! })));
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts!));
    expect(await (loaded.predict(x) as tf.Tensor).data()).toEqual(await y.data());
  });

  it('has no kernel in its configuration', () => {
    const config = new QuantizedSparseDense({ units: 1 }).getConfig();
    expect(Object.keys(config).filter((name) => name.startsWith('kernel'))).toEqual([]);
  });

  it('sums the products of a group once for scales and zeros', async () => {
    const { weights, scales, zeros } = quantizeWeights(
      Float32Array.from({ length: 16 }, (_, i) => Math.sin(i)),
      [16, 1],
    );
    const multiply = (scales: tf.Tensor, zeros: tf.Tensor) =>
      quantizedMatMul(tf.ones([2, 16]), scales as tf.Tensor1D, zeros as tf.Tensor1D, weights);
    const { kernels } = await tf.profile(() => tf.grads(multiply)([tf.tensor1d(scales), tf.tensor1d(zeros)]));
    expect(kernels.filter(({ name }) => name === 'SparseQuantizedGroupProducts').length).toBe(1);
  });

  it('trains its scales, zeros and bias, not its codes', async () => {
    const dense = tf.layers.dense({
      units: 4,
      inputShape: [32],
      kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }),
    });
    tf.sequential({ layers: [dense] });
    const { layer, weights } = (await quantizedReplacement()(dense))!;
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [32] }), layer] });
    layer.setWeights(weights);
    model.compile({ optimizer: tf.train.sgd(1e-4), loss: 'meanSquaredError' });
    const x = tf.randomNormal([16, 32], 0, 1, 'float32', 2);
    const { history } = await model.fit(x, tf.ones([16, 4]), { epochs: 3, verbose: 0 });
    expect(history.loss[2] as number).toBeLessThan(history.loss[0] as number);
    expect(layer.trainableWeights.length).toBe(3);
    expect(await layer.getWeights()[3].data()).toEqual((await weights[3].data()) as Int32Array);
  });

  it('leaves other layers alone', async () => {
    expect(await quantizedReplacement()(tf.layers.flatten())).toBeUndefined();
  });

  it('refuses what cannot be', () => {
    expect(() => new QuantizedSparseDense({ units: 0 })).toThrowError(/units must be at least 1, got 0/);
    expect(() => new QuantizedSparseDense({ units: 1, bits: 5 as 4 })).toThrowError(/bits must be 4 or 8, got 5/);
  });
});
