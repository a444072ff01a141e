import type * as tf from '@tensorflow/tfjs';
import { predict } from '@tfjs-sparse/layers';
import { shapeCloud, shapeSample } from '@tfjs-sparse/shapes-flatformer';
import { foldBatchNormalization } from '@tfjs-sparse/sparse-conv/layers';
import { architectures } from './architecture.js';
import { buildNetwork } from './network.js';
import { plainAnswer } from './plain-network.js';

describe('plainAnswer', () => {
  for (const architecture of Object.values(architectures)) {
    it(`is what the kernels give (${architecture.kind})`, async () => {
      const network = foldBatchNormalization(buildNetwork(architecture, 5));
      const { x } = shapeSample([shapeCloud('torus', 11, { points: 150 })]);
      const output = predict(network, x) as tf.Tensor;
      const expected = plainAnswer(network, x.map.coordinates, await x.features.data<'float32'>());
      (await output.data()).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
    });
  }
});
