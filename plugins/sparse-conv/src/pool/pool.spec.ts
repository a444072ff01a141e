import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { sparseTensor, type SparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { SparseAveragePool2D, SparseMaxPool2D, SparseSumPool2D, SparseUnpool2D } from '../layers.js';
import { sparseAveragePool, sparseMaxPool, sparseSumPool, type PoolDivisor } from './op.js';
import { sparseUnpool } from '../unpool/op.js';

const rows = [
  [0, 0, 0],
  [0, 1, 1],
  [0, 2, 0],
];
const sites = () => sparseTensor(tf.tensor2d([[1], [3], [-2]]), rows);

/** `layers` on `x` with coords from layer to layer; an unpooling goes back to the sites of `x`. */
function functional(...layers: tfl.layers.Layer[]): tfl.LayersModel {
  const features = tfl.input({ shape: [1] });
  const coords = tfl.input({ shape: [3], dtype: 'int32' });
  let outputs: tfl.SymbolicTensor[] = [features, coords];
  for (const layer of layers) {
    const target = layer.getClassName().startsWith('SparseUnpool') ? [coords] : [];
    outputs = layer.apply([...outputs, ...target]) as tfl.SymbolicTensor[];
  }
  return tfl.model({ inputs: [features, coords], outputs });
}

describe('pooling', () => {
  it('leaves one tensor', () => {
    const x = sites();
    const before = tf.memory().numTensors;
    sparseMaxPool(x, { poolSize: 2 });
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  it('says what is wrong', () => {
    expect(() => sparseMaxPool(sites(), { poolSize: 0 })).toThrowError(
      'sparseMaxPool: poolSize must be an integer >= 1, or 2 of them, got 0',
    );
    expect(() => sparseSumPool(sites(), { poolSize: 2, strides: [1] })).toThrowError(
      'sparseSumPool: strides must be an integer >= 1, or 2 of them, got [1]',
    );
    expect(() => sparseAveragePool(sites(), { poolSize: 2, divisor: 'cells' as PoolDivisor })).toThrowError(
      "sparseAveragePool: divisor must be 'sites' or 'volume', got cells",
    );
    expect(() => sparseUnpool(sites(), { poolSize: 2 } as never)).toThrowError(
      'sparseUnpool: target must be a CoordinateMap, got undefined',
    );
    const coarse = [tfl.input({ shape: [1] }), tfl.input({ shape: [3], dtype: 'int32' })];
    const outputs = new SparseUnpool2D({ name: 'up' }).apply(coarse) as tfl.SymbolicTensor[];
    expect(() => predict(tfl.model({ inputs: coarse, outputs }), sites())).toThrowError(
      'up: inputs must be features, coords and target coords, got 2',
    );
  });

  const layers: [tfl.layers.Layer, number[]][] = [
    [new SparseMaxPool2D(), [3, -2]],
    [new SparseSumPool2D({ poolSize: [2, 2] }), [4, -2]],
    [new SparseAveragePool2D({ divisor: 'volume' }), [1, -0.5]],
    [new SparseAveragePool2D(), [2, -2]],
  ];
  for (const [layer, expected] of layers) {
    it(`runs as ${layer.getClassName()}, also made again from its config`, async () => {
      const [layerClass, fromConfig] = tf.serialization.SerializationMap.getMap().classNameMap[layer.getClassName()];
      const config = JSON.parse(JSON.stringify(layer.getConfig())) as tf.serialization.ConfigDict;
      for (const each of [layer, fromConfig(layerClass, config) as tfl.layers.Layer]) {
        const y = predict(functional(each), sites()) as SparseTensor;
        expect(Array.from(await y.features.data())).toEqual(expected);
        expect(Array.from(y.map.coordinates)).toEqual([0, 0, 0, 0, 1, 0]);
      }
    });
  }

  it('is undone by unpooling, in a functional and in a Sequential model', async () => {
    const y = predict(functional(new SparseSumPool2D(), new SparseUnpool2D()), sites()) as SparseTensor;
    expect(Array.from(await y.features.data())).toEqual([4, 4, -2]);
    const model = tfl.sequential({ layers: [new SparseMaxPool2D({ inputShape: [1] }), new SparseUnpool2D()] });
    const z = predict(model, sites()) as tf.Tensor;
    expect(Array.from(await z.data())).toEqual([3, 3, -2]);
  });
});
