import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { sparseTensor, type SparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { SparseAdd, SparseConcatenate, SparseMaxPool1D, SparseMultiply, SparseUnpool1D } from '../layers.js';
import { sparseAdd, sparseConcatenate, sparseMultiply } from './op.js';

const line = (values: number[], sites: number[], options = {}) =>
  sparseTensor(
    tf.tensor2d(values, [values.length, 1]),
    sites.map((site) => [0, site]),
    options,
  );

describe('operations on different sites', () => {
  it('find the union once, and the same map where it has all sites', () => {
    const [a, b, c] = [line([1, 2], [0, 4]), line([3], [2]), line([5], [4])];
    expect(sparseAdd(a, b).map).toBe(sparseAdd(a, b).map);
    expect(sparseAdd(a, b).map).not.toBe(a.map);
    expect(sparseAdd(a, c).map).toBe(a.map);
    expect(sparseAdd(c, a).map).toBe(a.map);
    expect(sparseAdd(a, line([1, 1], [0, 4])).map).toBe(a.map);
  });

  it('keep the greater grid, and none where one is unbounded', () => {
    const [a, b] = [line([1], [0], { spatialShape: [3] }), line([3], [5], { spatialShape: [9], batchSize: 4 })];
    expect(sparseAdd(a, b).map.spatialShape).toEqual([9]);
    expect(sparseAdd(a, b).map.batchSize).toBe(4);
    expect(sparseAdd(a, line([1], [7])).map.spatialShape).toBeNull();
  });

  it('give features of their own for one operand too', async () => {
    for (const join of [sparseAdd, sparseMultiply, sparseConcatenate]) {
      const a = line([1, 2], [0, 4]);
      join(a).dispose();
      expect(await a.features.data()).toEqual(Float32Array.of(1, 2));
    }
  });

  it('leave one tensor', () => {
    const [a, b] = [line([1, 2], [0, 4]), line([3], [2])];
    const before = tf.memory().numTensors;
    sparseConcatenate(a, b);
    sparseAdd(a);
    expect(tf.memory().numTensors).toBe(before + 2);
  });

  it('say what is wrong', () => {
    const a = line([1], [0]);
    expect(() => sparseAdd()).toThrowError('sparseAdd: there must be at least one operand, got 0');
    expect(() => sparseAdd(a, a.withFeatures(tf.ones([1, 2])))).toThrowError(
      'sparseAdd: operands must have 1 channels (as the first), got 2',
    );
    expect(() => sparseAdd(a, sparseTensor(tf.ones([1, 1]), [[0, 0, 0]]))).toThrowError(
      'sparseAdd: operands must have rank 1 (as the first), got 2',
    );
    expect(() => sparseConcatenate(a, line([1], [0], { stride: [2] }))).toThrowError(
      'sparseConcatenate: operands must have stride [1] (as the first), got [2]',
    );
  });
});

describe('merging layers', () => {
  it('want features and coords in pairs', () => {
    expect(() => new SparseAdd({ name: 'sum' }).apply(tfl.input({ shape: [1] }))).toThrowError(
      'sum: inputs must be features and coords, in pairs, got 1',
    );
  });

  const layers: [tfl.layers.Layer, number[]][] = [
    [new SparseAdd(), [2, 6, 6]],
    [new SparseMultiply(), [1, 9, 9]],
    [new SparseConcatenate(), [1, 1, 3, 3, 3, 3]],
  ];
  for (const [layer, expected] of layers) {
    it(`run ${layer.getClassName()} in a model that is saved and loaded`, async () => {
      const features = tfl.input({ shape: [1] });
      const coords = tfl.input({ shape: [2], dtype: 'int32' });
      const geometry = { poolSize: 2, strides: 2 };
      const coarse = new SparseMaxPool1D(geometry).apply([features, coords]) as tfl.SymbolicTensor[];
      const fine = new SparseUnpool1D(geometry).apply([...coarse, coords]) as tfl.SymbolicTensor[];
      const outputs = layer.apply([...fine, ...fine]) as tfl.SymbolicTensor[];
      const model = tfl.model({ inputs: [features, coords], outputs });
      const loaded = await tfl.models.modelFromJSON(model.toJSON(null, false) as never);
      for (const each of [model, loaded]) {
        const y = predict(each, line([1, 2, 3], [0, 2, 3])) as SparseTensor;
        expect(Array.from(await y.features.data())).toEqual(expected);
        expect(each.outputs[0].shape).toEqual([null, expected.length / 3]);
      }
    });
  }
});
