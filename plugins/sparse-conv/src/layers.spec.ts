import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { CoordinateMap, SparseTensor, sparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import {
  SparseBatchNormalization,
  SparseConv2D,
  SparseGlobalPooling2D,
  SparseInverseConv2D,
  SubmConv2D,
  SubmConv3D,
} from './layers.js';

/** Two clouds on a grid of 8 x 8. */
function clouds(channels: number): SparseTensor {
  const rows = [
    [0, 0, 0],
    [0, 0, 1],
    [0, 5, 5],
    [1, 2, 2],
    [1, 2, 3],
    [1, 7, 7],
    [1, 3, 2],
  ];
  const features = tf.randomUniform([rows.length, channels], -1, 1, 'float32', 3) as tf.Tensor2D;
  return sparseTensor(features, rows, { spatialShape: [8, 8] });
}

/** Down, up again onto the same sites, and a row of two classes per cloud. */
function unet(): tfl.LayersModel {
  const features = tfl.input({ shape: [3] });
  const coords = tfl.input({ shape: [3], dtype: 'int32' });
  const stem = new SubmConv2D({ filters: 4, kernelSize: 3, activation: 'relu' });
  const x = stem.apply([features, coords]) as tfl.SymbolicTensor;
  const geometry = { kernelSize: 2, strides: 2 };
  const down = new SparseConv2D({ filters: 6, ...geometry, kernelRegularizer: 'l2' });
  const [coarse, coarseCoords] = down.apply([x, coords]) as tfl.SymbolicTensor[];
  const norm = new SparseBatchNormalization({ activation: 'relu' }).apply(coarse) as tfl.SymbolicTensor;
  const up = new SparseInverseConv2D({ filters: 4, ...geometry });
  const [fine, fineCoords] = up.apply([norm, coarseCoords, coords]) as tfl.SymbolicTensor[];
  const sum = tfl.layers.add().apply([x, fine]) as tfl.SymbolicTensor;
  const pooled = new SparseGlobalPooling2D({ reduction: 'mean' }).apply([sum, fineCoords]) as tfl.SymbolicTensor;
  const outputs = tfl.layers.dense({ units: 2, activation: 'softmax' }).apply(pooled) as tfl.SymbolicTensor;
  return tfl.model({ inputs: [features, coords], outputs });
}

async function values(x: tf.Tensor): Promise<number[]> {
  const numbers = Array.from(await x.data());
  x.dispose();
  return numbers;
}

describe('sparse layers', () => {
  it('run in a functional model and leave no tensor behind', async () => {
    const model = unet();
    const x = clouds(3);
    (predict(model, x) as tf.Tensor).dispose();
    const before = tf.memory().numTensors;
    const y = predict(model, x) as tf.Tensor;
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(y.shape).toEqual([2, 2]);
    const [a, b, c, d] = await values(y);
    expect(a + b).toBeCloseTo(1, 5);
    expect(c + d).toBeCloseTo(1, 5);
  });

  it('survive model.save and tf.loadLayersModel', async () => {
    const model = unet();
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      }),
    );
    const artifacts = { ...saved, modelTopology: JSON.parse(JSON.stringify(saved!.modelTopology)) as object };
    const loaded = await tfl.loadLayersModel(tf.io.fromMemory(artifacts));
    const x = clouds(3);
    expect(await values(predict(loaded, x) as tf.Tensor)).toEqual(await values(predict(model, x) as tf.Tensor));
  });

  it('run in a Sequential model, up onto the sites before the strided layer', async () => {
    const model = tfl.sequential({
      layers: [
        new SubmConv2D({ filters: 2, kernelSize: [3, 1], inputShape: [3] }),
        tfl.layers.reLU(),
        new SparseConv2D({ filters: 3, kernelSize: 3, strides: 2, padding: 1 }),
        new SparseInverseConv2D({ filters: 2, kernelSize: 3, strides: 2, padding: 1 }),
        new SparseBatchNormalization(),
        new SubmConv2D({ filters: 5, kernelSize: 1 }),
      ],
    });
    const x = clouds(3);
    const y = predict(model, x) as tf.Tensor;
    expect(y.shape).toEqual([x.map.siteCount, 5]);
    y.dispose();
  });

  it('give a SparseTensor for a model with the outputs features and coords', () => {
    const features = tfl.input({ shape: [3] });
    const coords = tfl.input({ shape: [3], dtype: 'int32' });
    const outputs = new SparseConv2D({ filters: 2, kernelSize: 2, strides: 2 }).apply([features, coords]);
    const model = tfl.model({ inputs: [features, coords], outputs: outputs as tfl.SymbolicTensor[] });
    const x = clouds(3);
    const y = predict(model, x) as SparseTensor;
    expect(y).toBeInstanceOf(SparseTensor);
    expect([y.map.stride, y.map.spatialShape, y.channels]).toEqual([[2, 2], [4, 4], 2]);
    expect(y.map.siteCount).toBe(y.features.shape[0]);
    y.dispose();
  });

  it('run an empty cloud', async () => {
    const { map } = CoordinateMap.fromCoordinates(new Int32Array(0), 2, { batchSize: 1, spatialShape: [8, 8] });
    const y = predict(unet(), new SparseTensor(tf.zeros([0, 3]), map)) as tf.Tensor;
    expect(y.shape).toEqual([1, 2]);
    expect((await values(y)).every(Number.isFinite)).toBeTrue();
  });

  it('say what is wrong', () => {
    expect(() => new SubmConv3D({ filters: 0, kernelSize: 3, name: 'a' })).toThrowError(
      'a: filters must be an integer >= 1, got 0',
    );
    expect(() => new SubmConv3D({ filters: 1, kernelSize: [3, 3], name: 'b' })).toThrowError(
      'b: kernelSize must be an integer >= 1, or 3 of them, got [3, 3]',
    );
    const lone = new SubmConv2D({ filters: 1, kernelSize: 3, name: 'c' });
    expect(() => lone.apply(tf.zeros([2, 1]))).toThrowError(/^c: features alone need the sites of a run/);
    const up = new SparseInverseConv2D({ filters: 1, kernelSize: 2, strides: 2, name: 'd', inputShape: [3] });
    expect(() => predict(tfl.sequential({ layers: [up] }), clouds(3))).toThrowError(
      'd: a strided layer must come before an inverse layer in a Sequential model, got none',
    );
    const stranger = tf.zeros([7, 3], 'int32');
    expect(() => lone.apply([tf.zeros([7, 1]), stranger])).toThrowError(/^coordinateMapOf: coords must come from/);
  });
});
