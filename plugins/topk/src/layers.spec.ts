import * as tf from '@tensorflow/tfjs';
import * as ops from './index.js';
import {
  BatchTopKActivation,
  GaussianTopK,
  GroupMax,
  JumpReLU,
  KWinners,
  SparseAutoencoder,
  TopKActivation,
  type SparseAutoencoderArgs,
} from './layers.js';

const rows = 24;
const width = 6;

function drawn(seed = 1): tf.Tensor2D {
  return tf.randomNormal([rows, width], 0, 1, 'float32', seed) as tf.Tensor2D;
}

/** The same at every run. */
function dense(): tf.layers.Layer {
  return tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }) });
}

/** The model saved and loaded. */
async function reloaded(model: tf.LayersModel): Promise<tf.LayersModel> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  return tf.loadLayersModel(tf.io.fromMemory(artifacts!));
}

/** Frees the model. */
async function expectReloadedAlike(model: tf.LayersModel, x: tf.Tensor): Promise<void> {
  const loaded = await reloaded(model);
  const [expected, actual] = [model, loaded].map((each) => tf.tidy(() => (each.predict(x) as tf.Tensor).dataSync()));
  expect(actual).toEqual(expected);
  model.dispose();
  loaded.dispose();
}

const activations: readonly [name: string, layer: () => tf.layers.Layer][] = [
  ['TopKActivation', () => new TopKActivation({ k: 2, relu: true, inputShape: [width] })],
  [
    'TopKActivation, straight through',
    () => new TopKActivation({ k: 2, gradient: 'straightThrough', inputShape: [width] }),
  ],
  ['BatchTopKActivation', () => new BatchTopKActivation({ k: 1.5, inputShape: [width] })],
  ['JumpReLU', () => new JumpReLU({ bandwidth: 0.5, initialThreshold: 0.1, inputShape: [width] })],
  ['GroupMax', () => new GroupMax({ k: 3, inputShape: [width] })],
  ['GaussianTopK', () => new GaussianTopK({ share: 0.3, inputShape: [width] })],
  ['KWinners', () => new KWinners({ share: 0.5, boost: 0.1, inputShape: [width] })],
];

const autoencoders: readonly [name: string, args: Omit<SparseAutoencoderArgs, 'features'>][] = [
  ['standard', { activation: 'relu', loss: { sparsity: { kind: 'l1TimesDecoderNorm', weight: 0.01 } } }],
  ['topK with AuxK', { k: 3, unitNorm: true, deadAfter: 10, loss: { auxiliary: { library: 'openai', k: 2 } } }],
  ['batchTopK', { activation: 'batchTopK', k: 2.5, thresholdMomentum: 0.5 }],
  ['jumpRelu', { activation: 'jumpRelu', bandwidth: 0.5, loss: { sparsity: { kind: 'l0', weight: 0.01 } } }],
  ['gated', { activation: 'gated', loss: { sparsity: { kind: 'l1', weight: 0.01 } } }],
  ['matryoshka', { activation: 'batchTopK', k: 3, loss: { nested: { sizes: [4, 16] } } }],
  ['groupMax', { activation: 'groupMax', k: 4, rectify: 'before', gradient: 'straightThrough' }],
  ['tied', { k: 3, tied: true, normalization: 'layerNorm' }],
  ['transcoder with skip', { k: 3, outWidth: 4, skip: true, subtractsDecoderBias: false }],
];

describe('layers of topk', () => {
  for (const [name, layer] of activations) {
    it(`${name} trains, is saved and loaded, and leaks nothing`, async () => {
      const before = tf.memory().numTensors;
      const model = tf.sequential({ layers: [layer(), dense()] });
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      const [x, y] = [drawn(), tf.ones([rows, 1])];
      const { history } = await model.fit(x, y, { epochs: 3, shuffle: false, verbose: 0 });
      expect(history.loss[2]).toBeLessThan(history.loss[0] as number);
      await expectReloadedAlike(model, x);
      tf.dispose([x, y]);
      tf.disposeVariables();
      expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
    });
  }

  for (const [name, args] of autoencoders) {
    it(`SparseAutoencoder, ${name}, trains by fit, is saved and loaded, and leaks nothing`, async () => {
      const before = tf.memory().numTensors;
      const layer = new SparseAutoencoder({ features: 16, seed: 3, ...args, inputShape: [width] });
      const model = tf.sequential({ layers: [layer] });
      model.compile({ optimizer: tf.train.adam(0.02), loss: layer.loss });
      const x = drawn();
      const y = args.outWidth ? x.slice([0, 0], [rows, args.outWidth]) : x;
      layer.centreOn(y as tf.Tensor2D);
      const { history } = await model.fit(x, y, { epochs: 12, batchSize: 8, shuffle: false, verbose: 0 });
      expect(history.loss[11]).toBeLessThan((history.loss[0] as number) * 0.9);
      const tensors = tf.memory().numTensors;
      const evaluated = model.evaluate(x, y, { verbose: 0 }) as tf.Scalar;
      expect(Number.isFinite(evaluated.dataSync()[0])).toBeTrue();
      evaluated.dispose();
      expect(tf.memory().numTensors).toBe(tensors);
      await expectReloadedAlike(model, x);
      tf.dispose([x, y]);
      tf.disposeVariables();
      expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
    });
  }

  it('SparseAutoencoder trains by fitDataset, with 4 k greatest of a fractional k', async () => {
    const loss = { reconstruction: 'varianceUnexplained', multiTopK: 0.125 } as const;
    const layer = new SparseAutoencoder({ features: 16, activation: 'batchTopK', k: 2.6, loss, inputShape: [width] });
    const model = tf.sequential({ layers: [layer] });
    model.compile({ optimizer: tf.train.adam(0.02), loss: layer.loss });
    const rowsOfX = await drawn().array();
    const data = tf.data.array(rowsOfX.map((row) => ({ xs: row, ys: row }))).batch(8);
    const { history } = await model.fitDataset(data, { epochs: 8, verbose: 0 });
    expect(history.loss[7]).toBeLessThan((history.loss[0] as number) * 0.9);
  });

  it('BatchTopKActivation has a gradient outside of training', () => {
    const layer = new BatchTopKActivation({ k: 1 });
    const x = tf.tensor2d([[1, -2, 3]]);
    const gradient = tf.grad((given) => layer.apply(given) as tf.Tensor)(x);
    expect([...gradient.dataSync()]).toEqual([1, 0, 1]);
  });

  it('KWinners averages over its period, and endEpoch lets the boost fade', async () => {
    const layer = new KWinners({ share: 0.5, boost: 2, boostFactor: 0.5, period: 3, inputShape: [2] });
    const train = (x: tf.Tensor) => tf.tidy(() => layer.apply(x, { training: true }) as tf.Tensor).dispose();
    const state = async () => Promise.all(layer.getWeights().map(async (each) => [...(await each.data())]));
    train(tf.tensor2d([[3, 1], [5, 2]])); // prettier-ignore
    expect(await state()).toEqual([[1, 0], [2], [2]]); // two rows seen: (0 * (2 - 2) + 2) / 2
    layer.endEpoch();
    train(tf.tensor2d([[3, 1], [-5, -6]])); // prettier-ignore
    // 3 exp(-1) = 1.10 is above 1 exp(0): the first wins again; -5 exp(-1) = -1.84 wins, and is no firing
    expect(await state()).toEqual([[Math.fround(2 / 3), 0], [1], [4]]); // (1 * (3 - 2) + 1) / 3
  });

  it('SparseAutoencoder counts rows since a feature was active', async () => {
    const layer = new SparseAutoencoder({ features: 3, k: 1, seed: 0, inputShape: [2], batchInputShape: [2, 2] });
    const x = tf.tensor2d([
      [1, 0],
      [1, 0],
    ]);
    layer.apply(x);
    layer.setWeights([
      tf.tensor2d([
        [1, 0],
        [0, 1],
        [-1, 0],
      ]),
      tf.tensor2d([
        [1, 0],
        [0, 1],
        [-1, 0],
      ]),
      tf.zeros([3]),
      tf.zeros([2]),
      tf.tensor1d([5, 6, 7]),
    ]);
    tf.tidy(() => layer.apply(x, { training: true }) as tf.Tensor);
    const [, , , , tokens] = layer.getWeights();
    expect([...(await tokens.data())]).toEqual([0, 8, 9]);
  });

  it('SparseAutoencoder.loss refuses what is not its output', () => {
    const layer = new SparseAutoencoder({ features: 3, k: 1, inputShape: [2] });
    const x = tf.ones([2, 2]);
    layer.apply(x);
    expect(() => layer.loss(x, x)).toThrowError('SparseAutoencoder: loss must be given the output of its latest call, got another tensor'); // prettier-ignore
  });

  for (const [args, error] of [
    [{ features: 0 }, 'SparseAutoencoder: features must be an integer from 1, got 0'],
    [{ features: 4 }, 'SparseAutoencoder: k must be an integer from 1, at most 4 (features), got undefined'],
    [{ features: 4, k: 5 }, 'SparseAutoencoder: k must be an integer from 1, at most 4 (features), got 5'],
    [
      { features: 4, activation: 'relu', k: 2 },
      "SparseAutoencoder: k must not be given with the activation 'relu', got 2",
    ],
    [{ features: 4, k: 2, tied: true, outWidth: 3 }, 'SparseAutoencoder: outWidth must not be given with tied, got 3'],
    [
      { features: 4, k: 2, loss: { sparsity: { kind: 'l0', weight: 1 } } },
      "SparseAutoencoder: the activation must be 'jumpRelu' for the sparsity 'l0', got topK",
    ],
    [
      { features: 4, activation: 'gated', loss: { auxiliary: { library: 'openai' } } },
      'SparseAutoencoder: the activation must have one pre-activation for AuxK and multiTopK, got gated',
    ],
    [
      { features: 4, activation: 'relu', loss: { multiTopK: 1 } },
      'SparseAutoencoder: the activation must choose by k for multiTopK, got relu',
    ],
    [{ features: 4, k: 2, deadAfter: 0 }, 'SparseAutoencoder: deadAfter must be above 0, got 0'],
  ] as const) {
    it(`refuses: ${error}`, () => {
      expect(() => new SparseAutoencoder(args)).toThrowError(RangeError, error);
    });
  }
});

describe('operations of topk', () => {
  it('leave no tensors but their results, outside of tidy too', async () => {
    await tf.setBackend('cpu');
    const [x, dictionary] = [drawn(), drawn(2)];
    const bias = tf.ones([rows]) as tf.Tensor1D;
    const importance = tf.ones([1, rows]) as tf.Tensor2D;
    const cycles = tf.ones([width]) as tf.Tensor1D;
    const { values, indices } = ops.topK(x, { k: 2 });
    const calls: readonly (() => unknown)[] = [
      () => ops.encodeTopK(x, dictionary, { k: 2, bias }),
      () => ops.batchTopK(x, { k: 2 }),
      () => ops.groupMax(x, { k: 2 }),
      () => ops.featureChoice(x, { counts: 3 }),
      () => ops.gaussianTopK(x, { share: 0.3 }),
      () => ops.kWinners(x, cycles, { k: 2, boost: 1 }),
      () => ops.kWinners(x, cycles, { k: 2, ties: 'all' }),
      () => ops.kSparseToDense({ values, indices }, { width }),
      () => ops.sparseDecode({ values, indices }, dictionary),
      () => ops.sparseEncode(x, dictionary, indices, { bias }),
      () => ops.pruneTokens(x.as3D(1, rows, width), importance, { keep: 5, start: 1 }),
      () => ops.fractionOfVarianceUnexplained(x, dictionary),
      () => ops.underusedFeatures(cycles),
      () => ops.removeParallelGradient(dictionary),
    ];
    for (const call of calls) {
      const before = tf.memory().numTensors;
      const made = call() as object;
      const results = made instanceof tf.Tensor ? 1 : Object.keys(made).length;
      const views = String(call).includes('as3D') ? 1 : 0;
      expect(tf.memory().numTensors - before)
        .withContext(String(call))
        .toBe(results + views);
    }
    tf.disposeVariables();
  });
});
