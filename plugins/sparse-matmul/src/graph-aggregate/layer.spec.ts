import * as tf from '@tensorflow/tfjs-core';
import { input, layers, loadLayersModel, model as modelOf, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { SparseMatrix } from '../sparse-matrix/sparse-matrix.js';
import { GraphAggregate } from '../layers.js';

describe('GraphAggregate', () => {
  const path = SparseMatrix.fromEdges({ rows: [1, 2, 0], columns: [0, 1, 1] }, [3, 3]);
  const x = () => tf.tensor2d([1, 10, 2, 20, 3, 30], [3, 2]);

  function graphConvolution() {
    const nodes = input({ shape: [2] });
    const edges = input({ shape: [2], dtype: 'int32' });
    const aggregated = new GraphAggregate({ reduction: 'mean' }).apply([nodes, edges]) as SymbolicTensor;
    const outputs = layers.dense({ units: 2, kernelInitializer: 'identity' }).apply(aggregated) as SymbolicTensor;
    return modelOf({ inputs: [nodes, edges], outputs });
  }

  it('aggregates in a model', async () => {
    const y = graphConvolution().apply([x(), path.toTensor()]) as tf.Tensor;
    expect(await y.array()).toEqual([
      [2, 20],
      [1, 10],
      [2, 20],
    ]);
  });

  it('is the same after save and load', async () => {
    let saved: tf.io.ModelArtifacts = {};
    await graphConvolution().save({
      save: async (artifacts: tf.io.ModelArtifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } };
      },
    });
    const loaded = await loadLayersModel(tf.io.fromMemory(saved));
    const y = loaded.apply([x(), path.toTensor()]) as tf.Tensor;
    expect(await y.array()).toEqual([
      [2, 20],
      [1, 10],
      [2, 20],
    ]);
  });

  it('takes weights in place of the values, and gives them gradients', async () => {
    const layer = new GraphAggregate();
    const edges = path.toTensor();
    const run = (weights: tf.Tensor) => layer.apply([x(), edges, weights]) as tf.Tensor;
    const gradient = tf.grad(run)(tf.tensor1d([1, 2, 3]), tf.ones([3, 2]));
    expect(await gradient.array()).toEqual([22, 11, 22]);
  });

  it('refuses edges without a matrix, and other numbers of inputs', () => {
    const layer = new GraphAggregate({ name: 'graph' });
    expect(() => layer.apply([x(), tf.zeros([3, 2], 'int32')])).toThrowError(
      TypeError,
      'sparseMatrixOf: edges must come from SparseMatrix.toTensor() unchanged (sliced or gathered tensors lose their ' +
        'matrix), got a tensor of shape [3, 2]',
    );
    expect(() => layer.apply(x())).toThrowError(
      RangeError,
      'graph: inputs must be x and edges, or x, edges and weights, got 1',
    );
    expect(() => new GraphAggregate({ name: 'graph', reduction: 'median' as 'sum' })).toThrowError(
      RangeError,
      "graph: reduction must be 'sum', 'mean' or 'max', got median",
    );
  });
});
