import * as tf from '@tensorflow/tfjs';
import {
  FusedDepthwiseConv2D,
  NMDense,
  QuantizedSparseDense,
  SparseConv1x1,
  SparseDense,
  SparseFilterConv2D,
  sparseReplacement,
} from './layers.js';

/** What a layer makes of x, as numbers. */
async function outputOf(layer: tf.layers.Layer, x: tf.Tensor): Promise<Float32Array> {
  const y = layer.apply(x) as tf.Tensor;
  const values = (await y.data()) as Float32Array;
  y.dispose();
  return values;
}

function sparseKernel(shape: number[], keep: (i: number) => boolean): tf.Tensor {
  const size = shape.reduce((product, each) => product * each, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => (keep(i) ? Math.sin(i + 1) : 0)),
    shape,
  );
}

describe('layers with sparse weights', () => {
  for (const [name, model, input] of [
    ['SparseDense', () => new SparseDense({ units: 5, sparsity: 0.7, inputShape: [12], activation: 'relu' }), [12]],
    ['NMDense', () => new NMDense({ units: 6, n: 1, m: 4, blockOutputs: 2, inputShape: [9] }), [9]],
    [
      'SparseConv1x1',
      () => new SparseConv1x1({ filters: 9, strides: 2, blockOutputs: 8, inputShape: [5, 4, 6], activation: 'tanh' }),
      [5, 4, 6],
    ],
    [
      'SparseFilterConv2D',
      () =>
        new SparseFilterConv2D({
          filters: 8,
          kernelSize: [3, 2],
          strides: 2,
          padding: 'same',
          groups: 2,
          blockOutputs: 4,
          inputShape: [5, 4, 6],
          activation: 'tanh',
        }),
      [5, 4, 6],
    ],
    [
      'SparseFilterConv2D with n of m',
      () => new SparseFilterConv2D({ filters: 3, kernelSize: 2, dilationRate: 2, n: 1, m: 4, inputShape: [5, 4, 8] }),
      [5, 4, 8],
    ],
  ] as const) {
    it(`${name} is saved and loaded without its zeros`, async () => {
      const before = tf.memory().numTensors;
      const original = tf.sequential({ layers: [model()] });
      const x = tf.randomNormal([3, ...input], 0, 1, 'float32', 7);
      let artifacts: tf.io.ModelArtifacts | undefined;
      await original.save(tf.io.withSaveHandler(async (saved) => ((artifacts = saved), { modelArtifactsInfo: null! })));
      const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts!));
      const [y, again] = [original, loaded].map((each) => each.predict(x) as tf.Tensor);
      expect(await again.data()).toEqual(await y.data());
      expect((await y.data()).some((value) => value !== 0)).toBe(true);
      tf.dispose([x, y, again]);
      for (const each of [original, loaded]) each.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  }

  for (const [name, layer, input, output] of [
    ['SparseDense', new SparseDense({ units: 5, activation: 'relu', inputShape: [12] }), [12], [5]],
    ['NMDense', new NMDense({ units: 6, activation: 'relu', inputShape: [8] }), [8], [6]],
    ['SparseConv1x1', new SparseConv1x1({ filters: 9, strides: 2, activation: 'relu' }), [5, 4, 6], [3, 2, 9]],
    [
      'SparseFilterConv2D',
      new SparseFilterConv2D({ filters: 9, kernelSize: 3, activation: 'relu' }),
      [5, 4, 6],
      [3, 2, 9],
    ],
    ['FusedDepthwiseConv2D', new FusedDepthwiseConv2D({ kernelSize: 3, activation: 'relu' }), [6, 5, 4], [4, 3, 4]],
    ['QuantizedSparseDense', new QuantizedSparseDense({ units: 5, activation: 'relu' }), [12], [5]],
  ] as const) {
    it(`${name} adds a residual before its activation`, async () => {
      const [x, residual] = [tf.input({ shape: [...input] }), tf.input({ shape: [...output] })];
      const y = layer.apply([x, residual]) as tf.SymbolicTensor;
      expect(y.shape).toEqual([null, ...output]);
      const model = tf.model({ inputs: [x, residual], outputs: y });
      const values = tf.zeros([2, ...input]); // so that the product is the bias, which is 0
      const added = tf.randomNormal([2, ...output], 0, 1, 'float32', 3);
      const result = model.predict([values, added]) as tf.Tensor;
      expect(await result.data()).toEqual(await tf.relu(added).data());
    });
  }

  it('train and keep their pattern', async () => {
    const layer = new SparseDense({ units: 3, sparsity: 0.5, inputShape: [8], seed: 4 });
    const model = tf.sequential({ layers: [layer] });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
    const columns = [...layer.pattern.columns];
    const x = tf.randomNormal([16, 8], 0, 1, 'float32', 1);
    const y = tf.randomNormal([16, 3], 0, 1, 'float32', 2);
    const { history } = await model.fit(x, y, { epochs: 4, verbose: 0 });
    expect(history.loss[3] as number).toBeLessThan(history.loss[0] as number);
    expect([...layer.pattern.columns]).toEqual(columns);
  });

  it('replace layers whose kernels have zeros', async () => {
    const x = tf.randomNormal([2, 3, 3, 16], 0, 1, 'float32', 3);
    const cases: [tf.layers.Layer, number[], (i: number) => boolean, string][] = [
      [tf.layers.dense({ units: 6, activation: 'relu' }), [16, 6], (i) => i % 5 === 0, 'SparseDense'],
      [tf.layers.dense({ units: 6 }), [16, 6], (i) => Math.floor(i / 6) % 4 === 1, 'NMDense'],
      [tf.layers.conv2d({ filters: 8, kernelSize: 1, strides: 2 }), [1, 1, 16, 8], (i) => i % 3 === 0, 'SparseConv1x1'],
    ];
    for (const [layer, shape, keep, expected] of cases) {
      layer.apply(x);
      layer.setWeights([sparseKernel(shape, keep), tf.randomNormal([shape[shape.length - 1]], 0, 1, 'float32', 9)]);
      const replacement = (await sparseReplacement(layer))!;
      expect(replacement.layer.getClassName()).toBe(expected);
      replacement.layer.apply(x);
      replacement.layer.setWeights(replacement.weights);
      const [wanted, got] = [await outputOf(layer, x), await outputOf(replacement.layer, x)];
      expect(Math.max(...wanted.map((value, i) => Math.abs(value - got[i])))).toBeLessThan(1e-5);
    }
  });

  it('stay frozen and regularised when they replace layers that are', async () => {
    const kernelRegularizer = tf.regularizers.l2({ l2: 0.5 });
    const layer = tf.layers.dense({ units: 6, trainable: false, kernelRegularizer, inputShape: [16] });
    tf.sequential({ layers: [layer] });
    layer.setWeights([sparseKernel([16, 6], (i) => i % 5 === 0), tf.zeros([6])]);
    const { layer: replacement, weights } = (await sparseReplacement(layer))!;
    expect(replacement.trainable).toBeFalse();
    expect(replacement.getConfig().kernelRegularizer).toEqual(layer.getConfig().kernelRegularizer);
    tf.dispose(weights);
  });

  it('refuse sizes that they cannot have', () => {
    expect(() => new SparseDense({ units: 2.5 })).toThrowError(
      'sparseDense: units must be a whole number of at least 1, got 2.5',
    );
    expect(() => new SparseConv1x1({ filters: 3, strides: 0 })).toThrowError(
      'sparseConv1x1: strides must be a whole number of at least 1, got 0',
    );
    expect(() => new SparseFilterConv2D({ filters: 3, kernelSize: 0 })).toThrowError(
      'sparseFilterConv2D: kernelSize must be a whole number of at least 1, got 0',
    );
    expect(() => new SparseFilterConv2D({ filters: 3, kernelSize: 3, n: 2 })).toThrowError(
      'sparseFilterConv2D: n and m must be given together, got [2, ]',
    );
    const odd = new SparseFilterConv2D({ filters: 4, kernelSize: 3, groups: 2, inputShape: [4, 4, 3] });
    expect(() => tf.sequential({ layers: [odd] })).toThrowError(
      /the channels of the input must be a multiple of groups \(2\), got 3/,
    );
    const layer = new SparseDense({ units: 2, blocks: 100, inputShape: [3] });
    expect(() => tf.sequential({ layers: [layer] })).toThrowError(
      'sparseWeights: blocks must be a whole number from 0 to 6, got 100',
    );
  });

  it('leave layers alone whose dense product is as fast', async () => {
    const layer = tf.layers.dense({ units: 8, inputShape: [8] });
    tf.sequential({ layers: [layer] });
    expect(await sparseReplacement(layer)).toBeUndefined();
  });
});
