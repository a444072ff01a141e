import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { bytesSource } from '../bytes/byte-source.js';
import { readCheckpoint, type Checkpoint } from '../checkpoint/read-checkpoint.js';
import { loadTorchWeights } from './load-torch-weights.js';

const contentsOf = (name: string) => readFileSync(new URL(`../../golden/networks/${name}`, import.meta.url));

function checkpointOf(name: string): Promise<Checkpoint> {
  return readCheckpoint(bytesSource(`${name}.pt`, new Uint8Array(contentsOf(`${name}.pt`))));
}

interface Run {
  readonly input: number[];
  readonly output: number[];
}

/** The largest difference to what PyTorch gives. */
async function largestError(model: tf.LayersModel, x: tf.Tensor, output: number[]): Promise<number> {
  const y = model.predict(x) as tf.Tensor;
  const difference = tf.max(tf.abs(tf.sub(y, tf.tensor(output))));
  const error = (await difference.data())[0];
  tf.dispose([x, y, difference]);
  return error;
}

const runOf = (name: string) => JSON.parse(contentsOf(`${name}.json`).toString()) as Run;

function images(nameOf: (name: string) => string): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ name: nameOf('stem'), filters: 8, kernelSize: 3, padding: 'same', useBias: false, inputShape: [6, 7, 3] }), // prettier-ignore
      tf.layers.batchNormalization({ name: nameOf('norm'), epsilon: 1e-5 }),
      tf.layers.reLU(),
      tf.layers.depthwiseConv2d({ name: nameOf('depthwise'), depthMultiplier: 2, kernelSize: [3, 5], padding: 'same' }),
      tf.layers.prelu({ name: nameOf('act'), sharedAxes: [1, 2] }),
      tf.layers.conv2dTranspose({ name: nameOf('up'), filters: 6, kernelSize: 2, strides: 2 }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ name: nameOf('head'), units: 5 }),
    ],
  });
}

describe('loadTorchWeights', () => {
  it('gives convolutions, normalizations and linear layers what PyTorch has, by their order', async () => {
    const model = images((name) => `other_${name}_name`);
    const { pairings, missing, unused } = await loadTorchWeights(model, await checkpointOf('images'));
    expect(pairings.map(({ module, by }) => `${module} ${by}`)).toEqual(
      ['stem', 'norm', 'depthwise', 'act', 'up', 'head'].map((name) => `${name} order`),
    );
    expect([missing, unused]).toEqual([[], []]);
    const { input, output } = runOf('images');
    expect(await largestError(model, tf.transpose(tf.tensor(input), [0, 2, 3, 1]), output)).toBeLessThan(1e-5);
    model.dispose();
  });

  it('finds layers by their names, in a state dict of DataParallel within a training checkpoint', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.embedding({ name: 'embed', inputDim: 11, outputDim: 12, inputLength: 9 }),
        tf.layers.conv1d({ name: 'conv', filters: 10, kernelSize: 3, padding: 'same' }),
        tf.layers.layerNormalization({ name: 'norm', epsilon: 1e-5 }),
        tf.layers.dense({ name: 'fc1', units: 16, activation: 'relu' }),
        tf.layers.dense({ name: 'fc2', units: 4, useBias: false }),
      ],
    });
    const { pairings } = await loadTorchWeights(model, await checkpointOf('tokens'));
    expect(pairings.map(({ layer, module, by }) => [layer, module, by])).toEqual(
      ['embed', 'conv', 'norm', 'fc1', 'fc2'].map((name) => [name, name, 'name']),
    );
    const { input, output } = runOf('tokens');
    expect(await largestError(model, tf.tensor(input, undefined, 'int32'), output)).toBeLessThan(1e-5);
    model.dispose();
  });

  it('folds the masks of pruned weights', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 16, activation: 'relu', inputShape: [12] }),
        tf.layers.dense({ units: 16, activation: 'relu' }),
        tf.layers.dense({ units: 3 }),
      ],
    });
    await loadTorchWeights(model, await checkpointOf('pruned'));
    const zeros = [...(await model.layers[0].getWeights()[0].data())].filter((value) => value === 0).length;
    expect(zeros).toBe(Math.round(0.8 * 12 * 16));
    const { input, output } = runOf('pruned');
    expect(await largestError(model, tf.tensor(input), output)).toBeLessThan(1e-5);
    model.dispose();
  });

  it('takes the modules that a map says, and notes what a state dict does not say', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ name: 'a', filters: 8, kernelSize: 3, useBias: false, inputShape: [6, 7, 3] }),
        tf.layers.batchNormalization({ name: 'b' }),
      ],
    });
    const { pairings, unused } = await loadTorchWeights(model, await checkpointOf('images'), {
      map: { stem: 'a', norm: 'b' },
    });
    expect(pairings.map(({ by }) => by)).toEqual(['map', 'map']);
    expect(pairings[1].note).toBe("its epsilon is 0.001; torch's default is 0.00001");
    expect(unused).toEqual(['depthwise', 'act', 'up', 'head']);
    model.dispose();
  });

  it('says which tensors a layer has no place for, counters apart', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.depthwiseConv2d({ name: 'depthwise', depthMultiplier: 2, kernelSize: [3, 5], useBias: false, inputShape: [6, 7, 8] }), // prettier-ignore
        tf.layers.batchNormalization({ name: 'norm', axis: 3 }),
      ],
    });
    const options = { isPartial: true, map: { depthwise: 'depthwise' } };
    const { pairings } = await loadTorchWeights(model, await checkpointOf('images'), options);
    expect(pairings.map(({ layer, unread }) => [layer, unread])).toEqual([['depthwise', ['depthwise.bias']]]);
    model.dispose();
  });

  it('names every layer that finds no module, and changes nothing then', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ name: 'first', filters: 8, kernelSize: 5, inputShape: [6, 7, 3] }),
        tf.layers.flatten({}),
        tf.layers.dense({ name: 'second', units: 9 }),
      ],
    });
    const before = await model.layers[0].getWeights()[0].data();
    await expectAsync(loadTorchWeights(model, await checkpointOf('images'))).toBeRejectedWithError(
      RangeError,
      /every layer must find its module, got first \(stem: its weights would be .*\); second \(.*\)$/,
    );
    expect([...(await model.layers[0].getWeights()[0].data())]).toEqual([...before]);
    const { missing, pairings } = await loadTorchWeights(model, await checkpointOf('images'), { isPartial: true });
    expect([missing.map(({ layer }) => layer), pairings]).toEqual([['first', 'second'], []]);
    await expectAsync(
      loadTorchWeights(model, await checkpointOf('images'), { map: { stern: 'first' } }),
    ).toBeRejectedWithError(RangeError, /map must have paths of stem, norm, .*, got stern$/);
    model.dispose();
  });
});
