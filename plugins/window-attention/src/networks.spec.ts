import * as tf from '@tensorflow/tfjs';
import { fit } from '@tfjs-sparse/layers';
import { channels, clouds, convolution, describeSaved } from './layers-fixture.spec.js';
import { dsvt, flatFormer, litePT, pointTransformerV3 } from './layers.js';

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

for (const [name, make] of networks) describeSaved(name, make);

/** The same matrices at every run. */
function drawMatrices(model: tf.LayersModel): void {
  model.trainableWeights.forEach((weight, i) => {
    const { shape } = weight;
    const deviation = (shape.at(-2) ?? 1) ** -0.5;
    if (shape.length === 2) weight.write(tf.randomNormal(shape as number[], 0, deviation, 'float32', i + 1));
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

describe('sizes of networks', () => {
  it('that are wrong are named', () => {
    expect(() => dsvt({ channels, blocks: [1, 1] })).toThrowError('dsvt: windowSizes must be 2 (stages), got 1');
    expect(() => litePT({ channels, convolution, encoderDepths: [1] })).toThrowError(
      'litePT: encoderDepths must be 5 (encoderChannels), got 1',
    );
  });
});
