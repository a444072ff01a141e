import * as tf from '@tensorflow/tfjs';
import { convertModel } from '@tfjs-sparse/converter';
import { fusedOps, graphModel, isOneOfTen, largestDifference, saved, values } from '../graph-fixture.spec.js';
import { quantizationRules, sparseWeightRules } from '../convert.js';
import { dequantizeWeights, quantizeWeights } from './quantize.js';

const rules = [sparseWeightRules(), quantizationRules()];

/** The weights that the codes of a `[inputs, outputs]` matrix stand for. */
function coded(weights: tf.Tensor): tf.Tensor2D {
  const shape = weights.shape as [number, number];
  const quantized = quantizeWeights(weights.dataSync() as Float32Array, shape, { bits: 4, groupSize: 32 });
  return tf.tensor2d(dequantizeWeights(quantized), shape);
}

describe('quantizationRules', () => {
  it('put what the other rules leave dense of a graph onto codes, shared and transposed weights too', async () => {
    const [wide, bias, back, small] = [values([40, 64], 1), values([64], 2), values([40, 64], 3), values([40, 3], 4)];
    const expected = (x: tf.Tensor2D) =>
      tf.tidy(() => {
        const hidden = tf.relu(tf.add(tf.matMul(x, coded(wide)), bias)) as tf.Tensor2D;
        return tf.matMul(tf.matMul(hidden, coded(tf.transpose(back)) as tf.Tensor2D), small as tf.Tensor2D);
      });
    const x = values([3, 40], 5) as tf.Tensor2D;
    const wanted = expected(x);
    const given = await graphModel(
      [-1, 40],
      { wide: tf.clone(wide), bias: tf.clone(bias), back: tf.clone(back), small: tf.clone(small), sparse: values([40, 40], 6, isOneOfTen) }, // prettier-ignore
      [
        {
          name: 'a',
          op: '_FusedMatMul',
          input: ['x', 'wide', 'bias'],
          attr: { fused_ops: fusedOps('BiasAdd', 'Relu') },
        },
        { name: 'b', op: 'MatMul', input: ['a', 'back'], attr: { transpose_b: { b: true } } },
        { name: 'c', op: 'MatMul', input: ['b', 'small'] },
        { name: 'd', op: 'MatMul', input: ['x', 'sparse'] },
      ],
    );
    const { model, report } = await convertModel(tf.io.fromMemory(given), { rules });
    expect(report.map(({ name, kernel }) => [name, kernel])).toEqual([
      ['a', 'quantizedMatMul'],
      ['b', 'quantizedMatMul'],
      ['c', null],
      ['d', 'sparseMatMul'],
    ]);
    const graph = model as tf.GraphModel;
    const [c] = graph.execute({ x }, ['c', 'd']) as tf.Tensor[];
    expect(await largestDifference(c, wanted)).toBeLessThan(1e-4);
    const loaded = await tf.loadGraphModel(tf.io.fromMemory(await saved(graph)));
    const [again] = loaded.execute({ x }, ['c', 'd']) as tf.Tensor[];
    expect(await largestDifference(again, c)).toBe(0);
    tf.dispose([wide, bias, back, small, x, wanted, c, again]);
    graph.dispose();
    loaded.dispose();
  });

  it('put large dense layers onto codes', async () => {
    const given = tf.sequential({
      layers: [
        tf.layers.dense({ units: 64, inputShape: [40], activation: 'relu' }),
        tf.layers.dense({ units: 3, name: 'head' }),
      ],
    });
    const weights = [values([40, 64], 1), values([64], 2), values([64, 3], 3), values([3], 4)];
    given.setWeights(weights);
    const x = values([2, 40], 5);
    const { model, report } = await convertModel(given, { rules });
    expect(report.map(({ kernel }) => kernel)).toEqual(['quantizedMatMul', null]);
    const found = (model as tf.LayersModel).predict(x) as tf.Tensor;
    given.setWeights([coded(weights[0]), ...weights.slice(1)]);
    expect(await largestDifference(found, given.predict(x) as tf.Tensor)).toBeLessThan(1e-5);
  });

  it('refuse NaN among weights', async () => {
    const given = await graphModel([-1, 40], { w: values([40, 64], 1).add(tf.scalar(NaN)) }, [
      { name: 'a', op: 'MatMul', input: ['x', 'w'] },
    ]);
    await expectAsync(convertModel(tf.io.fromMemory(given), { rules: [quantizationRules()] })).toBeRejectedWithError(
      RangeError,
      'convertModel: weights of a must be numbers, got NaN at element 0',
    );
  });
});
