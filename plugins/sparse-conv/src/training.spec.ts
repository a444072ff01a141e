import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { CoordinateMap, inGivenOrder, SparseTensor, sparseTensor, seededRandom } from '@tfjs-sparse/core';
import { evaluate, fit, predict, type SparseDataset, type SparseSample } from '@tfjs-sparse/layers';
import { SparseBatchNormalization, SparseGlobalPooling2D, SubmConv2D } from './layers.js';

const seed = 5;

/** Clouds of either a row (class 0) or a column (class 1) of four sites somewhere on a grid. */
function lines(count: number): { x: SparseTensor; classes: number[] } {
  const random = seededRandom(seed);
  const rows: number[] = [];
  const classes = Array.from({ length: count }, (_, cloud) => {
    const label = random() < 0.5 ? 0 : 1;
    const [row, column] = [Math.floor(random() * 10), Math.floor(random() * 10)];
    for (let i = 0; i < 4; i++) rows.push(cloud, row + (label ? i : 0), column + (label ? 0 : i));
    return label;
  });
  const { map } = CoordinateMap.fromCoordinates(Int32Array.from(rows), 2, { batchSize: count });
  return { x: new SparseTensor(tf.ones([map.siteCount, 1]), map), classes };
}

function layers(): tfl.layers.Layer[] {
  const kernelInitializer = tfl.initializers.heNormal({ seed });
  return [
    new SubmConv2D({ filters: 4, kernelSize: 3, kernelInitializer, inputShape: [1] }),
    new SparseBatchNormalization({ activation: 'relu', momentum: 0.8 }),
  ];
}

function cloudModel(): tfl.Sequential {
  const model = tfl.sequential({
    layers: [
      ...layers(),
      new SparseGlobalPooling2D({ reduction: 'max' }),
      tfl.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: tfl.initializers.heNormal({ seed }) }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.05), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

describe('fit, evaluate and predict', () => {
  it('learn per-cloud targets, report like tfjs and leave no tensor behind', async () => {
    const { x, classes } = lines(60);
    const y = tf.cast(tf.oneHot(tf.tensor1d(classes, 'int32'), 2), 'float32');
    const model = cloudModel();
    await fit(model, x, y, { epochs: 1, batchSize: 20 });
    const before = tf.memory().numTensors;
    const epochs: number[] = [];
    const history = await fit(model, x, y, {
      epochs: 12,
      batchSize: 20,
      validationSplit: 0.2,
      callbacks: { onEpochEnd: async (epoch: number) => void epochs.push(epoch) },
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(epochs).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(Object.keys(history.history).sort()).toEqual(['acc', 'loss', 'val_acc', 'val_loss']);
    expect(history.history.acc[11]).toBeGreaterThan(0.9);
    const [loss, accuracy] = (await evaluate(model, x, y, { batchSize: 7 })) as tf.Scalar[];
    expect((await accuracy.data())[0]).toBeGreaterThan(0.9);
    const probabilities = predict(model, x) as tf.Tensor2D;
    const direct = tf.mean(tf.neg(tf.sum(tf.mul(y, tf.log(probabilities)), 1)));
    expect((await loss.data())[0]).toBeCloseTo((await direct.data())[0], 4);
  });

  it('learn per-site targets', async () => {
    const { x, classes } = lines(30);
    const ofSite = x.map.coordinates.filter((_, i) => i % 3 === 0);
    const y = tf.cast(
      tf.oneHot(
        tf.tensor1d(
          Array.from(ofSite, (cloud) => classes[cloud]),
          'int32',
        ),
        2,
      ),
      'float32',
    );
    const model = tfl.sequential({
      layers: [...layers(), new SubmConv2D({ filters: 2, kernelSize: 3, activation: 'softmax' })],
    });
    model.compile({ optimizer: tf.train.adam(0.05), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    const { history } = await fit(model, x, y, { epochs: 10, batchSize: 10 });
    expect(history.acc[9]).toBeGreaterThan(0.9);
  });

  it('train the right sites with targets in the order in which sites were given', async () => {
    const classes = tf.oneHot(tf.tensor1d([2, 0, 1], 'int32'), 3).toFloat() as tf.Tensor2D;
    const x = sparseTensor(classes, [[0, 5, 5], [0, 0, 0], [0, 3, 1]]); // prettier-ignore
    const layer = new SubmConv2D({ filters: 3, kernelSize: 1, activation: 'softmax', inputShape: [3] });
    const model = tfl.sequential({ layers: [layer] });
    model.compile({ optimizer: tf.train.adam(0.5), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    await fit(model, x, classes, { epochs: 40 });
    const [, accuracy] = (await evaluate(model, x, classes)) as tf.Scalar[];
    expect((await accuracy.data())[0]).toBe(1);
    const predicted = tf.argMax(inGivenOrder(x, predict(model, x) as tf.Tensor2D), 1);
    expect(Array.from(await predicted.data())).toEqual([2, 0, 1]);
  });

  it('ask what targets belong to where there are as many clouds as sites', async () => {
    const x = sparseTensor(tf.ones([2, 1]), [[0, 1, 1], [0, 2, 2]], { batchSize: 2 }); // prettier-ignore
    const model = tfl.sequential({ layers: [new SubmConv2D({ filters: 1, kernelSize: 1, inputShape: [1] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await expectAsync(fit(model, x, tf.ones([2, 1]))).toBeRejectedWithError(
      RangeError,
      "fit: targetsPer must say 'cloud' or 'site' where there are as many clouds as sites, got neither",
    );
    await fit(model, x, tf.ones([2, 1]), { targetsPer: 'site' });
    await expectAsync(evaluate(model, x, tf.ones([3, 1]), { targetsPer: 'cloud' })).toBeRejectedWithError(
      RangeError,
      'evaluate: targets must have 2 rows (one per cloud), got 3',
    );
    await expectAsync(evaluate(model, x, tf.ones([2, 1]), { targetsPer: 'sites' as 'site' })).toBeRejectedWithError(
      RangeError,
      "evaluate: targetsPer must be 'cloud' or 'site', got sites",
    );
  });

  it('give a loss of 0 on clouds without sites', async () => {
    const x = new SparseTensor(tf.zeros([0, 1]), CoordinateMap.fromCoordinates([], 2, { batchSize: 2 }).map);
    const model = tfl.sequential({ layers: [new SubmConv2D({ filters: 1, kernelSize: 1, inputShape: [1] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const loss = (await evaluate(model, x, tf.zeros([0, 1]))) as tf.Scalar;
    expect((await loss.data())[0]).toBe(0);
  });

  it('give the same weights for the same seed, and resume at initialEpoch', async () => {
    const { x, classes } = lines(24);
    const y = tf.cast(tf.oneHot(tf.tensor1d(classes, 'int32'), 2), 'float32');
    const weightsAfter = async (runs: readonly [initialEpoch: number, epochs: number][]) => {
      const model = cloudModel();
      for (const [initialEpoch, epochs] of runs) await fit(model, x, y, { initialEpoch, epochs, batchSize: 8, seed });
      return Promise.all(model.getWeights().map((weight) => weight.data()));
    };
    const whole = await weightsAfter([[0, 4]]);
    expect(await weightsAfter([[0, 4]])).toEqual(whole);
    expect(
      await weightsAfter([
        [0, 2],
        [2, 4],
      ]),
    ).toEqual(whole);
  });

  it('ask a dataset for every cloud once per epoch, and stop when told to', async () => {
    const asked: [number, number][] = [];
    const dataset: SparseDataset = {
      length: 5,
      rank: 2,
      channels: 1,
      sample(index, epoch) {
        asked.push([index, epoch]);
        return { coordinates: Int32Array.of(0, index, 0), features: Float32Array.of(1) };
      },
    };
    const model = cloudModel();
    const y = tf.ones([5, 2]);
    await fit(model, dataset, y, {
      epochs: 3,
      batchSize: 2,
      shuffle: false,
      callbacks: { onEpochEnd: async (epoch: number) => void (model.stopTraining = epoch === 1) },
    });
    const expected = [0, 1].flatMap((epoch) => [0, 1, 2, 3, 4].map((index) => [index, epoch]));
    expect(asked).toEqual(expected as [number, number][]);
  });

  it('sort the sites of a sample with their features', async () => {
    const model = cloudModel();
    const [coordinates, features] = [
      [0, 9, 1, 0, 8, 1, 0, 0, 5],
      [10, 1, 5],
    ];
    const reversed = [0, 0, 5, 0, 8, 1, 0, 9, 1];
    const datasetOf = (sample: SparseSample): SparseDataset => ({
      length: 2,
      rank: 2,
      channels: 1,
      sample: () => sample,
    });
    const y = tf.tensor2d([1, 0, 0, 1], [2, 2]);
    const lossOf = async (sample: SparseSample) => {
      const before = tf.memory().numTensors;
      const [loss, accuracy] = (await evaluate(model, datasetOf(sample), y)) as tf.Scalar[];
      const value = (await loss.data())[0];
      tf.dispose([loss, accuracy]);
      expect(tf.memory().numTensors).toBe(before);
      return value;
    };
    const expected = await lossOf({ coordinates: Int32Array.from(reversed), features: Float32Array.of(5, 1, 10) });
    expect(await lossOf({ coordinates: Int32Array.from(coordinates), features: Float32Array.from(features) })).toBe(
      expected,
    );
    expect(await lossOf({ coordinates, features })).toBe(expected);
    expect(await lossOf({ coordinates: reversed, features })).not.toBeCloseTo(expected, 3);
    const refused: [SparseSample, string][] = [
      [
        { coordinates: [0, 0.5, 1], features: [1] },
        'coordinates of sample 0 must be integers of 32 bits, got 0.5 at 1',
      ],
      [
        { coordinates: [0, 1, 1, 0], features: [1] },
        'sample 0 must have 3 coordinates per site (a batch column and 2 axes), got 4 coordinates',
      ],
      [{ coordinates, features: [1, 2, 3, 4] }, 'sample 0 must have 3 features (1 for each of its 3 sites), got 4'],
    ];
    for (const [sample, message] of refused) {
      await expectAsync(lossOf(sample)).toBeRejectedWithError(RangeError, `SparseDataset: ${message}`);
    }
  });

  it('say what is wrong', async () => {
    const { x } = lines(3);
    const model = cloudModel();
    await expectAsync(fit(model, x, tf.ones([5, 2]))).toBeRejectedWithError(
      RangeError,
      'fit: targets must have 3 rows (one per cloud) or 12 (one per site), got 5',
    );
    await expectAsync(fit(model, x, tf.ones([3, 2]), { validationSplit: 1 })).toBeRejectedWithError(
      RangeError,
      'fit: validationSplit must be in [0, 1), got 1',
    );
    const untrained = tfl.sequential({ layers: layers() });
    await expectAsync(evaluate(untrained, x, tf.ones([3, 2]))).toBeRejectedWithError(
      RangeError,
      'evaluate: the model must be compiled, got a model without a loss',
    );
  });
});
