import { tensor } from '@tensorflow/tfjs-core';
import { hyperSparseGradient, hyperSparseScale } from '../gradients/hyper-sparse.js';
import { Golden, largestDifference } from '../golden-fixture.node.spec.js';
import { softShrinkageMask, softShrunk } from './iterative-soft-shrinkage.js';

describe('hyperSparse', () => {
  for (const name of ['hypersparse_rate80', 'hypersparse_rate98'])
    it(`has the published scale and gradient (${name})`, () => {
      const golden = new Golden(name);
      const layers = [0, 1].map((layer) => golden.values(`w.${layer}.weight`));
      const scale = hyperSparseScale(layers, golden.number('prune_rate'));
      expect(scale).toBeCloseTo(golden.number('s'), 5);
      const gradients = hyperSparseGradient(
        layers.map((values) => tensor(values)),
        scale,
      );
      gradients.forEach((gradient, i) =>
        expect(largestDifference(gradient.dataSync(), golden.values(`grad.${i}.weight`))).toBeLessThan(1e-5),
      );
    });
});

describe('iterativeSoftShrinkage', () => {
  it('shrinks the weights that ISS-P shrinks', () => {
    const golden = new Golden('issp_ist');
    for (const layer of [0, 1]) {
      let weights = golden.values(`w.${layer}.weight`);
      for (let step = 1; step <= golden.number('steps'); step++) {
        const mask = softShrinkageMask(weights, golden.number('prune_ratio'));
        weights = softShrunk(weights, mask, golden.number('ist_ratio'));
        const expected = golden.values(`out.step1.${layer}.weight`);
        // PyTorch rounds 0.99 to float32 first
        if (step === 1) expect(largestDifference(weights, expected)).toBeLessThan(1.5e-7);
      }
      expect(largestDifference(weights, golden.values(`out.final.${layer}.weight`))).toBeLessThan(1e-6);
    }
  });
});
