import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { sparseTensor, type SparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { foldBatchNormalization, minkUNet, secondEncoder } from '../layers.js';

const side = 12;

/** Two clouds of 60 sites with random features. */
function clouds(channels: number): SparseTensor {
  const cells = Array.from({ length: 60 }, (_, i) => [(i * 7) % side, (i * 5 + (i >> 3)) % side, i % side]);
  const rows = [...new Set(cells.map((cell) => cell.join()))].flatMap((cell) => {
    const site = cell.split(',').map(Number);
    return [
      [0, ...site],
      [1, ...site],
    ];
  });
  const features = tf.randomNormal([rows.length, channels], 0, 1, 'float32', 7) as tf.Tensor2D;
  return sparseTensor(features, rows, { spatialShape: [41, side, side] });
}

/** Statistics and scales that differ from the initial ones. */
function disturbNorms(model: tfl.LayersModel): void {
  model.layers.forEach((layer, index) => {
    if (layer.getClassName() !== 'SparseBatchNormalization') return;
    const [channels] = layer.getWeights()[0].shape;
    layer.setWeights([0, 1, 2, 3].map((i) => tf.randomUniform([channels], 0.5, 1.5, 'float32', 10 * index + i)));
  });
}

async function largestDifference(a: tf.Tensor, b: tf.Tensor): Promise<number> {
  return (await tf.max(tf.abs(tf.sub(a, b))).data())[0];
}

describe('minkUNet', () => {
  const options = { channels: 4, classes: 5, planes: [8, 8, 12, 12, 8], seed: 1 };

  it('gives a row of classes per site, the same for the same seed', async () => {
    const x = clouds(4);
    const y = predict(minkUNet({ ...options, activation: 'softmax' }), x) as tf.Tensor;
    expect(y.shape).toEqual([x.map.siteCount, 5]);
    const again = predict(minkUNet({ ...options, activation: 'softmax' }), x) as tf.Tensor;
    expect(await largestDifference(y, again)).toBe(0);
  });

  it('has the layers of the published network', () => {
    const names = minkUNet({ channels: 4, classes: 19 }).layers.map((layer) => layer.getClassName());
    const count = (name: string) => names.filter((other) => other === name).length;
    expect(count('SparseConv3D')).toBe(4);
    expect(count('SparseInverseConv3D')).toBe(4);
    expect(count('Add')).toBe(16); // two residual blocks on each way of four levels
  });

  it('refuses planes without a middle', () => {
    expect(() => minkUNet({ ...options, planes: [8, 8] })).toThrowError(
      'minkUNet: planes must have an odd number of entries, at least 3, got 2',
    );
  });
});

describe('secondEncoder', () => {
  it('ends on a grid of an eighth, and a sixteenth of the height', () => {
    const features = tf.ones([2, 4]) as tf.Tensor2D;
    const x = sparseTensor(features, [[0, 0, 0, 0], [0, 40, 63, 63]], { spatialShape: [41, 64, 64] }); // prettier-ignore
    const y = predict(secondEncoder({ channels: 4 }), x) as SparseTensor;
    expect(y.map.spatialShape).toEqual([2, 8, 8]);
    expect(y.channels).toBe(128);
  });
});

describe('foldBatchNormalization', () => {
  for (const block of ['residual', 'plain'] as const) {
    it(`gives the outputs of a ${block} network without its norms`, async () => {
      const model = minkUNet({ channels: 4, classes: 5, planes: [8, 8, 12, 12, 8], block, seed: 3 });
      disturbNorms(model);
      const folded = foldBatchNormalization(model);
      const names = folded.layers.map((layer) => layer.getClassName());
      for (const gone of ['SparseBatchNormalization', 'Add', 'ReLU']) expect(names).not.toContain(gone);
      const x = clouds(4);
      const [expected, got] = [predict(model, x) as tf.Tensor, predict(folded, x) as tf.Tensor];
      const [scale] = await tf.max(tf.abs(expected)).data();
      expect(await largestDifference(got, expected)).toBeLessThan(1e-5 * scale);
    });
  }

  it('keeps an encoder with coords as outputs', async () => {
    const model = secondEncoder({ channels: 4, seed: 5 });
    disturbNorms(model);
    const x = clouds(4);
    const [expected, got] = [predict(model, x), predict(foldBatchNormalization(model), x)] as SparseTensor[];
    expect(got.map.coordinates).toEqual(expected.map.coordinates);
    const [scale] = await tf.max(tf.abs(expected.features)).data();
    expect(await largestDifference(got.features, expected.features)).toBeLessThan(1e-5 * scale);
  });

  it('keeps a norm whose convolution is used elsewhere', () => {
    const model = minkUNet({ channels: 4, classes: 5, planes: [8, 8, 8], block: 'plain' });
    const stem = model.getLayer('stem1').output as tfl.SymbolicTensor;
    const both = tfl.model({ inputs: model.inputs, outputs: [...model.outputs, stem] });
    const names = foldBatchNormalization(both).layers.map((layer) => layer.name);
    expect(names).toContain('stem1/norm');
    expect(names).not.toContain('stem2/norm');
  });
});
