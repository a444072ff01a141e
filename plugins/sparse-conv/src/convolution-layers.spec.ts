import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { sparseTensor, type SparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import {
  SparseAveragePool2D,
  SparseConv2D,
  SparseConvTranspose2D,
  SparseDepthwiseConv2D,
  SparseMaxPool2D,
  SubmConv2D,
  SubmDepthwiseConv2D,
  SubmSeparableConv2D,
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
  ];
  const features = tf.randomUniform([rows.length, channels], -1, 1, 'float32', 3) as tf.Tensor2D;
  return sparseTensor(features, rows, { spatialShape: [8, 8] });
}

type Symbol = tfl.SymbolicTensor;

/** Down, up to new sites, and onto the sites of the input again. */
function network(): tfl.LayersModel {
  const features = tfl.input({ shape: [4] });
  const coords = tfl.input({ shape: [3], dtype: 'int32' });
  const cross = new SubmConv2D({ filters: 6, kernelSize: 3, kernelShape: 'cross', groups: 2 });
  const offsets = [
    [0, 0],
    [-1, 2],
    [0, 1],
  ];
  const listed = new SubmDepthwiseConv2D({ offsets, dilationRate: [1, 2], activation: 'relu' });
  const even = new SubmSeparableConv2D({ filters: 4, kernelSize: 2, padding: 1, activation: 'relu' });
  let x = cross.apply([features, coords]) as Symbol;
  x = listed.apply([x, coords]) as Symbol;
  x = even.apply([x, coords]) as Symbol;
  const down = new SparseDepthwiseConv2D({ kernelSize: 3, strides: 2, padding: 1, outputRule: 'floor' });
  const [coarse, coarseCoords] = down.apply([x, coords]) as Symbol[];
  const up = new SparseConvTranspose2D({
    filters: 4,
    kernelSize: 3,
    strides: 2,
    padding: 1,
    outputPadding: 1,
    groups: 2,
  });
  const [fine, fineCoords] = up.apply([coarse, coarseCoords]) as Symbol[];
  const back = new SparseConv2D({ filters: 3, kernelSize: 3, padding: 1, activation: 'tanh' });
  const outputs = back.apply([fine, fineCoords, coords]) as Symbol[];
  return tfl.model({ inputs: [features, coords], outputs });
}

async function saveAndLoad(model: tfl.LayersModel): Promise<tfl.LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  const modelTopology = JSON.parse(JSON.stringify(saved!.modelTopology)) as object;
  return tfl.loadLayersModel(tf.io.fromMemory({ ...saved, modelTopology }));
}

describe('convolution layers', () => {
  it('run in a functional model, onto given coords, and leave no tensor behind', () => {
    const model = network();
    const x = clouds(4);
    (predict(model, x) as SparseTensor).dispose();
    const before = tf.memory().numTensors;
    const y = predict(model, x) as SparseTensor;
    expect(y.features.shape).toEqual([x.map.siteCount, 3]);
    expect(y.map).toBe(x.map);
    y.features.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('survive model.save and tf.loadLayersModel', async () => {
    const model = network();
    const loaded = await saveAndLoad(model);
    const configs = (of: tfl.LayersModel) =>
      of.layers.map((layer) => ({ ...layer.getConfig(), kernelInitializer: null })); // an absent seed becomes null
    expect(configs(loaded)).toEqual(configs(model));
    const values = async (of: tfl.LayersModel) => (predict(of, clouds(4)) as SparseTensor).features.array();
    expect(await values(loaded)).toEqual(await values(model));
  });

  it('run in a Sequential model, up to new sites', async () => {
    const model = tfl.sequential({
      layers: [
        new SubmSeparableConv2D({ filters: 4, kernelSize: 3, inputShape: [4] }),
        new SparseDepthwiseConv2D({ kernelSize: 2, strides: 2 }),
        new SparseConvTranspose2D({ filters: 2, kernelSize: 2, strides: 2 }),
        new SubmDepthwiseConv2D({ kernelSize: 3 }),
      ],
    });
    const loaded = await saveAndLoad(model);
    const [a, b] = [predict(model, clouds(4)) as tf.Tensor, predict(loaded, clouds(4)) as tf.Tensor];
    expect(a.shape).toEqual([4 * 4, 2]); // four coarse sites, each with four cells
    expect(await b.array()).toEqual(await a.array());
  });

  it('have poolings of the same shapes beside them', async () => {
    const offsets = [
      [0, 1],
      [0, 0],
    ];
    const model = tfl.sequential({
      layers: [
        new SparseMaxPool2D({ offsets, inputShape: [4] }),
        new SparseAveragePool2D({ poolSize: 3, kernelShape: 'cross', strides: 2, padding: 1 }),
      ],
    });
    const loaded = await saveAndLoad(model);
    const [a, b] = [predict(model, clouds(4)) as tf.Tensor, predict(loaded, clouds(4)) as tf.Tensor];
    expect(await b.array()).toEqual(await a.array());
  });

  it('train all of their weights', () => {
    const model = network();
    const x = clouds(4);
    const { value, grads } = tf.variableGrads(() => tf.sum((predict(model, x) as SparseTensor).features));
    expect(Object.keys(grads).length).toBe(model.trainableWeights.length);
    tf.dispose([value, grads]);
  });

  it('say what is wrong', () => {
    expect(() => new SubmConv2D({ filters: 2, kernelSize: 2, name: 'a' })).toThrowError(
      'a: padding must be given for a kernel that is even on an axis, got kernelSize [2, 2]',
    );
    expect(() => new SubmConv2D({ filters: 3, kernelSize: 3, groups: 2, name: 'b' })).toThrowError(
      'b: groups must divide the filters (3), got 2',
    );
    expect(() => new SubmDepthwiseConv2D({ name: 'c' })).toThrowError(
      'c: kernelSize or offsets must be given, got undefined',
    );
    const grouped = new SubmConv2D({ filters: 4, kernelSize: 3, groups: 4, name: 'd' });
    const inputs = [tfl.input({ shape: [3] }), tfl.input({ shape: [3], dtype: 'int32' })];
    expect(() => grouped.apply(inputs)).toThrowError('d: groups must divide the channels of the features (3), got 4');
  });
});
