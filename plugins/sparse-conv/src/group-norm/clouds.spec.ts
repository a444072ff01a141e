import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { sparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { siteBroadcast } from '../broadcast/op.js';
import {
  SparseBroadcast,
  SparseGlobalPooling1D,
  SparseGroupNormalization,
  SparseInstanceNormalization,
} from '../layers.js';
import { groupNorm } from './op.js';

const clouds = () =>
  sparseTensor(tf.tensor2d([[1, 3], [3, 5], [2, 4]]), [[0, 0], [0, 1], [1, 0]]); // prettier-ignore

describe('layers that know clouds', () => {
  const layers: [tfl.layers.Layer, number[]][] = [
    [new SparseGroupNormalization({ groups: 1, epsilon: 0, activation: 'relu' }), [0, 0, 0, 1.414, 0, 1]],
    [new SparseInstanceNormalization({ epsilon: 1 }), [-0.707, -0.707, 0.707, 0.707, 0, 0]],
    [new SparseBroadcast(), [3, 7, 5, 9, 4, 8]],
    [new SparseBroadcast({ mode: 'multiply' }), [2, 12, 6, 20, 4, 16]],
    [new SparseBroadcast({ mode: 'concatenate' }), [1, 3, 2, 4, 3, 5, 2, 4, 2, 4, 2, 4]],
  ];
  layers.forEach(([layer, expected], i) => {
    it(`run ${layer.getClassName()} ${i} in a model that is saved and loaded`, async () => {
      const features = tfl.input({ shape: [2] });
      const coords = tfl.input({ shape: [2], dtype: 'int32' });
      const pooled = new SparseGlobalPooling1D({ reduction: 'mean' }).apply([features, coords]) as tfl.SymbolicTensor;
      const inputs = layer instanceof SparseBroadcast ? [features, coords, pooled] : [features, coords];
      const outputs = layer.apply(inputs) as tfl.SymbolicTensor;
      const model = tfl.model({ inputs: [features, coords], outputs });
      const loaded = await tfl.models.modelFromJSON(model.toJSON(null, false) as never);
      expect(model.outputs[0].shape).toEqual([null, expected.length / 3]);
      for (const each of [model, loaded]) {
        const y = Array.from(await (predict(each, clouds()) as tf.Tensor).data());
        y.forEach((value, index) => expect(value).toBeCloseTo(expected[index], 3));
      }
    });
  });

  it('say what is wrong', () => {
    const x = clouds();
    expect(() => groupNorm(x, { groups: 3 })).toThrowError(
      'groupNorm: groups must be an integer that divides the 2 channels, got 3',
    );
    expect(() => siteBroadcast(x, tf.ones([3, 2]), 'add')).toThrowError(
      'siteBroadcast: rows must have shape [2, 2] (one row per cloud), got [3, 2]',
    );
    expect(() => siteBroadcast(x, tf.ones([1, 2]), 'concatenate')).toThrowError(
      'siteBroadcast: rows must have shape [2, channels] (one row per cloud), got [1, 2]',
    );
    expect(() => siteBroadcast(x, tf.ones([2, 2], 'int32'), 'add')).toThrowError(
      'siteBroadcast: rows must be float32, got int32',
    );
    expect(() => siteBroadcast(x, tf.ones([2, 2]), 'cat' as never)).toThrowError(
      "siteBroadcast: mode must be 'add', 'multiply' or 'concatenate', got cat",
    );
  });

  it('leave one tensor', () => {
    const x = clouds();
    const before = tf.memory().numTensors;
    groupNorm(x, { groups: 1 });
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});
