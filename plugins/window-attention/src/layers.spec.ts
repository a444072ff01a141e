import * as tf from '@tensorflow/tfjs';
import { sparseTensor, type SparseTensor } from '@tfjs-sparse/core';
import { fit, predict, SparseLayer, sparseInput } from '@tfjs-sparse/layers';
import * as ops from './index.js';
import {
  AttentionPooling,
  DSVTBlock,
  FlatFormerBlock,
  flatFormer,
  dsvt,
  Gelu,
  litePT,
  LitePTBlock,
  pointTransformerV3,
  PointTransformerV3Block,
  SerializedPooling,
  SerializedUnpooling,
  SetAttention,
  type ConvolutionArgs,
} from './layers.js';

const channels = 8;

/** Two clouds of three axes. */
function clouds(seed = 1): SparseTensor {
  const rows = [0, 1].flatMap((cloud) =>
    Array.from({ length: 30 }, (_, i) => [cloud, (i * 7) % 5, (i * 3 + cloud) % 8, (i * 5) % 8]),
  );
  const sites = [...new Map(rows.map((row) => [row.join(), row])).values()];
  return sparseTensor(tf.randomNormal([sites.length, channels], 0, 1, 'float32', seed) as tf.Tensor2D, sites);
}

/** In place of a convolution: every site by itself, times a learned matrix. */
class Pointwise extends SparseLayer {
  static className = 'WindowAttentionSpecPointwise';
  private kernel!: ReturnType<tf.layers.Layer['addWeight']>;

  constructor(private readonly args: ConvolutionArgs) {
    super({ name: args.name });
  }

  override build(shape: tf.Shape | tf.Shape[]): void {
    const features = (Array.isArray(shape[0]) ? shape[0] : shape) as tf.Shape;
    const initializer = tf.initializers.randomNormal({ seed: 5 });
    this.kernel = this.addWeight('kernel', [features[1]!, this.args.filters], 'float32', initializer);
    super.build(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.matMul(sparseInput(this.name, inputs).features, this.kernel.read() as tf.Tensor2D);
  }

  override computeOutputShape(): tf.Shape {
    return [null, this.args.filters];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { filters, kernelSize, useBias } = this.args;
    return { ...super.getConfig(), filters, kernelSize, useBias };
  }
}
tf.serialization.registerClass(Pointwise);

const pointwise = (name = 'convolution') => new Pointwise({ name, filters: channels, kernelSize: 3, useBias: true });
const convolution = (args: ConvolutionArgs) => new Pointwise(args);

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

const networks: readonly [name: string, model: () => tf.LayersModel][] = [
  ['flatFormer', () => flatFormer({ channels, filters: 12, heads: 3, blocks: 1, windowSize: [2, 4, 4], groupSize: 7, classes: 3 })], // prettier-ignore
  [
    'dsvt',
    () =>
      dsvt({
        ...{ channels, filters: 16, blocks: [1, 1], setSize: 6, classes: 3, poolSizes: [[2, 1, 1]] },
        windowSizes: [
          [4, 3, 3],
          [2, 3, 3],
        ],
      }),
  ],
  [
    'pointTransformerV3',
    () =>
      pointTransformerV3({
        ...{ channels, convolution, patchSize: 8, classes: 3 },
        ...{ encoderChannels: [8, 12], encoderDepths: [1, 2], encoderHeads: [2, 3] },
        ...{ decoderChannels: [8], decoderDepths: [1], decoderHeads: [2] },
      }),
  ],
  [
    'litePT',
    () =>
      litePT({
        ...{ channels, convolution, patchSize: 8, classes: 3 },
        ...{ encoderChannels: [6, 12], encoderDepths: [1, 1], encoderHeads: [1, 2] },
        ...{ encoderConvolutions: [true, false], encoderAttention: [false, true] },
        ...{ decoderChannels: [6], decoderDepths: [0], decoderHeads: [1] },
      }),
  ],
];

function onCoords(layer: tf.layers.Layer): tf.LayersModel {
  const inputs = [tf.input({ shape: [channels] }), tf.input({ shape: [4], dtype: 'int32' })];
  return tf.model({ inputs, outputs: layer.apply(inputs) as tf.SymbolicTensor });
}

async function reloaded(model: tf.LayersModel): Promise<tf.LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  const artifacts = { ...saved, modelTopology: JSON.parse(JSON.stringify(saved!.modelTopology)) as object };
  return tf.loadLayersModel(tf.io.fromMemory(artifacts));
}

/** The same matrices at every run. */
function drawMatrices(model: tf.LayersModel): void {
  model.trainableWeights.forEach((weight, i) => {
    const { shape } = weight;
    const deviation = (shape.at(-2) ?? 1) ** -0.5;
    if (shape.length === 2) weight.write(tf.randomNormal(shape as number[], 0, deviation, 'float32', i + 1));
  });
}

/** The first output. */
async function outputOf(model: tf.LayersModel, x: SparseTensor): Promise<number[]> {
  const y = predict(model, x) as tf.Tensor | SparseTensor;
  const tensor = 'features' in y ? y.features : y;
  const values = Array.from(await tensor.data());
  y.dispose();
  return values;
}

for (const [name, make] of [...keeping.map(([name, layer]) => [name, () => onCoords(layer())] as const), ...networks]) {
  describe(name, () => {
    it('is saved and loaded, and leaves no tensor behind', async () => {
      const model = make();
      const x = clouds();
      const expected = await outputOf(model, x);
      expect(expected.every(Number.isFinite)).toBe(true);
      const before = tf.memory().numTensors;
      expect(await outputOf(model, x)).toEqual(expected);
      expect(tf.memory().numTensors).toBe(before);
      const loaded = await reloaded(model);
      expect(await outputOf(loaded, x)).toEqual(expected);
      expect(loaded.weights.map((weight) => weight.shape)).toEqual(model.weights.map((weight) => weight.shape));
    });
  });
}

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

describe('networks in fit', () => {
  const dsvtOfOneStage = () => dsvt({ channels, blocks: [2], windowSizes: [[2, 3, 3]], setSize: 6, classes: 3 });
  const trained = networks.map(([name, make]) => [name, name === 'dsvt' ? dsvtOfOneStage : make] as const);
  for (const [name, make] of trained) {
    it(`${name} is trained, every weight of it`, async () => {
      const model = make();
      drawMatrices(model);
      const x = clouds();
      const classes = Array.from({ length: x.map.siteCount }, (_, site) => site % 3);
      const targets = tf.oneHot(classes, 3).toFloat();
      const weights = await Promise.all(model.trainableWeights.map((weight) => weight.read().data()));
      model.compile({ optimizer: tf.train.adam(0.002), loss: 'meanSquaredError' });
      const { history } = await fit(model, x, targets, { epochs: 8, batchSize: 2 });
      expect(history.loss.at(-1) as number).toBeLessThan(history.loss[0] as number);
      for (const [i, weight] of model.trainableWeights.entries()) {
        const after = await weight.read().data();
        const isUnmoved = weights[i].every((value, at) => value === after[at]);
        expect(isUnmoved).withContext(weight.name).toBe(false);
      }
    });
  }
});

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
    expect(() => dsvt({ channels, blocks: [1, 1] })).toThrowError('dsvt: windowSizes must be 2 (stages), got 1');
    expect(() => litePT({ channels, convolution, encoderDepths: [1] })).toThrowError(
      'litePT: encoderDepths must be 5 (encoderChannels), got 1',
    );
  });
});
