import * as tf from '@tensorflow/tfjs';
import { convertModel } from '@tfjs-sparse/converter';
import { replaceLayers } from '@tfjs-sparse/layers';
import { sparseWeightRules } from './convert.js';

describe('a converted layers model', () => {
  /** A depthwise convolution and two products with one weight in six, all with settings of their own. */
  function network(kernelConstraint: 'unitNorm' | 'nonNeg'): tf.LayersModel {
    const shared = { biasRegularizer: 'l1l2' as const, biasConstraint: 'nonNeg' as const, kernelConstraint };
    const model = tf.sequential({
      layers: [
        tf.layers.depthwiseConv2d({ kernelSize: 3, inputShape: [5, 5, 8], name: 'dw', trainable: false }),
        tf.layers.conv2d({ kernelSize: 1, filters: 32, name: 'pw', trainable: false, ...shared }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 16, name: 'fc', kernelRegularizer: tf.regularizers.l2(), ...shared }),
      ],
    });
    for (const name of ['pw', 'fc']) {
      const [kernel] = model.getLayer(name).weights;
      const values = Float32Array.from({ length: tf.util.sizeFromShape(kernel.shape as number[]) }, (_, i) => {
        return i % 6 ? 0 : 1 + (i % 5);
      });
      (kernel.read() as tf.Variable).assign(tf.tensor(values, kernel.shape as number[])); // as pruning does, past constraints
    }
    return model;
  }

  for (const kernelConstraint of ['unitNorm', 'nonNeg'] as const) {
    it(`keeps frozen layers, regularizers and constraints (${kernelConstraint}), and its outputs`, async () => {
      const model = network(kernelConstraint);
      const { model: converted } = await convertModel(model, { rules: [sparseWeightRules()] });
      const sparse = converted as tf.LayersModel;
      const names = ['dw', 'pw', 'fc'].map((name) => sparse.getLayer(name).getClassName());
      expect(names).toEqual(['FusedDepthwiseConv2D', 'SparseConv1x1', 'SparseDense']);
      expect(sparse.trainableWeights.length).toBe(model.trainableWeights.length);
      for (const name of ['pw', 'fc']) {
        const [wanted, found] = [model, sparse].map((each) => each.getLayer(name).getConfig());
        const keys = ['trainable', 'kernelConstraint', 'biasConstraint', 'biasRegularizer', 'kernelRegularizer'];
        for (const key of keys) expect(found[key]).withContext(`${name} ${key}`).toEqual(wanted[key]);
      }
      expect(sparse.calculateLosses().length).toBe(model.calculateLosses().length);
      const x = tf.randomNormal([2, 5, 5, 8], 0, 1, 'float32', 3);
      const [wanted, found] = [model, sparse].map((each) => each.predict(x) as tf.Tensor);
      const scale = Math.max(...(await tf.abs(wanted).data()));
      expect(Math.max(...(await tf.abs(tf.sub(wanted, found)).data())) / scale).toBeLessThan(1e-5);
    });
  }

  it('hands the masks of sequences on', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.masking({ maskValue: 0, inputShape: [5, 8] }),
        tf.layers.dense({ units: 16, biasInitializer: 'ones', name: 'fc' }),
        tf.layers.lstm({ units: 3 }),
      ],
    });
    const kernel = tf.tensor2d(
      Float32Array.from({ length: 128 }, (_, i) => (i % 7 ? 0 : 1 + (i % 5))),
      [8, 16],
    );
    model.getLayer('fc').setWeights([kernel, tf.ones([16])]);
    const { model: converted, report } = await convertModel(model, { rules: [sparseWeightRules()] });
    expect(report[0].kernel).toBe('sparseMatMul');
    const isKept = tf.tensor3d([1, 1, 0, 1, 0, 1, 0, 0, 1, 1], [2, 5, 1]);
    const x = tf.mul(tf.randomNormal([2, 5, 8], 0, 1, 'float32', 4), isKept);
    const [wanted, found] = [model, converted].map((each) => each.predict(x) as tf.Tensor);
    expect(Math.max(...(await tf.abs(tf.sub(wanted, found)).data()))).toBeLessThan(1e-5);
  });

  it('has the weights of layers that stay, whatever their constraints would make of these', async () => {
    const model = network('unitNorm');
    const rebuilt = await replaceLayers(model, new Map());
    const wanted = await model.getLayer('pw').weights[0].read().data();
    expect(await rebuilt.getLayer('pw').weights[0].read().data()).toEqual(wanted);
  });
});
