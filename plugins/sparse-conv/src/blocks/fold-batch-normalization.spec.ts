import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { SparseTensor, sparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import {
  foldBatchNormalization,
  SparseBatchNormalization,
  SparseConv2D,
  SparseDepthwiseConv2D,
  SubmConv2D,
  SubmDepthwiseConv2D,
  SubmSeparableConv2D,
} from '../layers.js';

type SymbolicTensor = tfl.SymbolicTensor;

const channels = 4;
const kernel = { kernelSize: 3, kernelInitializer: 'heNormal' };
const square = { ...kernel, filters: channels };
const strided = { ...kernel, kernelSize: 2, strides: 2 };

const norm = (x: SymbolicTensor, activation?: string) =>
  new SparseBatchNormalization({ activation }).apply(x) as SymbolicTensor;
const relu = (x: SymbolicTensor) => tfl.layers.reLU().apply(x) as SymbolicTensor;
const add = (...xs: SymbolicTensor[]) => tfl.layers.add().apply(xs) as SymbolicTensor;
const subm = (args: object, inputs: SymbolicTensor | SymbolicTensor[]) =>
  new SubmConv2D({ ...square, ...args }).apply(inputs) as SymbolicTensor;

function functional(
  outputsOf: (features: SymbolicTensor, coords: SymbolicTensor) => SymbolicTensor | SymbolicTensor[],
): tfl.LayersModel {
  const features = tfl.input({ shape: [channels] });
  const coords = tfl.input({ shape: [3], dtype: 'int32' });
  return tfl.model({ inputs: [features, coords], outputs: outputsOf(features, coords) });
}

/** Weights that differ from the initial ones. */
function disturb(model: tfl.LayersModel): void {
  model.layers.forEach((layer, i) => {
    layer.setWeights(
      layer.getWeights().map(({ shape }, j) => tf.randomUniform(shape, 0.5, 1.5, 'float32', 10 * i + j)),
    );
  });
}

function sites(): SparseTensor {
  const rows = Array.from({ length: 24 }, (_, i) => [i % 2, (i >> 1) % 4, (3 * i) >> 3]);
  return sparseTensor(tf.randomNormal([rows.length, channels], 0, 1, 'float32', 5), rows);
}

function featuresOf(y: ReturnType<typeof predict>): tf.Tensor[] {
  return [y].flat().map((each) => (each instanceof SparseTensor ? each.features : each));
}

/** Models, and the layers with weights that are left. */
const cases: Record<string, [model: () => tfl.LayersModel, left: string[]]> = {
  'a ReLU behind the norm': [() => functional((x, at) => relu(norm(subm({}, [x, at])))), ['SubmConv2D']],
  'an activation that changes nothing': [
    () => functional((x, at) => norm(subm({ activation: 'linear' }, [x, at]), 'relu')),
    ['SubmConv2D'],
  ],
  'an activation before the norm, which stays': [
    () => functional((x, at) => norm(subm({ activation: 'relu' }, [x, at]))),
    ['SubmConv2D', 'SparseBatchNormalization'],
  ],
  'a shortcut before the norm, which stays': [
    () => functional((x, at) => norm(subm({}, [x, at, x]))),
    ['SubmConv2D', 'SparseBatchNormalization'],
  ],
  'a shortcut of one channel, which stays': [
    () => functional((x, at) => add(norm(subm({}, [x, at])), subm({ filters: 1 }, [x, at]))),
    ['SubmConv2D', 'SubmConv2D'],
  ],
  'groups of channels': [() => functional((x, at) => norm(subm({ groups: 2 }, [x, at]))), ['SubmConv2D']],
  'a depthwise convolution': [
    () => functional((x, at) => norm(new SubmDepthwiseConv2D(kernel).apply([x, at]) as SymbolicTensor, 'relu')),
    ['SubmDepthwiseConv2D'],
  ],
  'a separable convolution without bias': [
    () =>
      functional((x, at) =>
        norm(new SubmSeparableConv2D({ ...kernel, filters: 7, useBias: false }).apply([x, at]) as SymbolicTensor),
      ),
    ['SubmSeparableConv2D'],
  ],
  'coords that are read before the features': [
    () =>
      functional((x, at) => {
        const [y, coarse] = new SparseDepthwiseConv2D(strided).apply([x, at]) as SymbolicTensor[];
        return [coarse, norm(y)];
      }),
    ['SparseDepthwiseConv2D'],
  ],
  'one convolution for two norms, which stays': [
    () =>
      functional((x, at) => {
        const shared = new SubmConv2D(square);
        const once = norm(shared.apply([x, at]) as SymbolicTensor);
        return norm(shared.apply([once, at]) as SymbolicTensor);
      }),
    ['SubmConv2D', 'SparseBatchNormalization', 'SparseBatchNormalization'],
  ],
  'a model of features alone': [
    () => {
      const x = tfl.input({ shape: [channels] });
      return tfl.model({ inputs: x, outputs: relu(add(norm(subm({}, x)), x)) });
    },
    ['SubmConv2D'],
  ],
  'a Sequential model': [
    () =>
      tfl.sequential({
        layers: [
          new SubmConv2D({ ...square, inputShape: [channels] }),
          new SparseBatchNormalization({ activation: 'relu' }),
          new SparseConv2D({ ...strided, filters: 3 }),
          new SparseBatchNormalization(),
        ],
      }),
    ['SubmConv2D', 'SparseConv2D'],
  ],
};

describe('foldBatchNormalization', () => {
  for (const [name, [make, left]] of Object.entries(cases)) {
    it(`gives the outputs of a model with ${name}`, async () => {
      const model = make();
      disturb(model);
      const folded = foldBatchNormalization(model);
      const withWeights = folded.layers.filter((layer) => layer.weights.length > 0);
      expect(withWeights.map((layer) => layer.getClassName()).sort()).toEqual([...left].sort());
      const [expected, got] = [model, folded].map((each) => featuresOf(predict(each, sites())));
      for (const [i, tensor] of expected.entries()) {
        const [difference] = await tf.max(tf.abs(tf.sub(got[i], tensor))).data();
        const [scale] = await tf.max(tf.abs(tensor)).data();
        expect(difference).toBeLessThan(1e-5 * scale);
      }
    });
  }
});
