import { seededRandom } from '@tfjs-sparse/core';
import { Golden, largestDifference } from '../golden-fixture.node.spec.js';
import { magnitudes } from './keep-largest.js';
import { dropAndGrow, dropAroundZero, rewireRandomly } from './rewire.js';
import { signalToNoise } from './signal-to-noise.js';

describe('dropAndGrow', () => {
  for (const name of ['rigl_step_magnitude', 'rigl_step_snr'])
    it(`has the masks of SSVI's RigL (${name})`, () => {
      const golden = new Golden(name);
      const weights = golden.values('in.mu');
      const before = Uint8Array.from(golden.values('in.mask'));
      const scores = golden.has('in.sigma') ? signalToNoise(weights, golden.values('in.sigma')) : magnitudes(weights);
      if (golden.has('out.score')) {
        const expected = golden.values('out.score');
        // E|w| close to |w| cancels in float32: PyTorch's score is that of rounded numbers
        expect(
          largestDifference(
            scores.map((score, i) => score / Math.max(1, expected[i])),
            expected.map((score) => score / Math.max(1, score)),
          ),
        ).toBeLessThan(1e-4);
      }
      const gradients = magnitudes(golden.values('in.dense_grad'));
      const after = dropAndGrow(before, scores, gradients, golden.number('drop_fraction'));
      expect(Array.from(after)).toEqual(Array.from(golden.values('out.mask')));
      const updated = weights.map((weight, i) => (after[i] === 1 && before[i] === 0 ? 0 : weight));
      expect(Array.from(updated)).toEqual(Array.from(golden.values('out.weight')));
    });
});

describe('rewireRandomly', () => {
  it('drops what the authors of SET drop and keeps as many weights as before', () => {
    const golden = new Golden('set_rewire_a');
    const weights = golden.values('in.weight');
    const core = dropAroundZero(weights, golden.number('zeta'));
    expect(Array.from(core)).toEqual(Array.from(golden.values('out.core_mask')));
    const mask = weights.map((weight) => Number(weight !== 0));
    const after = rewireRandomly(weights, Uint8Array.from(mask), golden.number('zeta'), seededRandom(1));
    expect(after.reduce((sum, isKept) => sum + isKept, 0)).toBe(golden.number('nnz'));
    expect(after.every((isKept, i) => isKept >= core[i])).toBe(true);
  });
});
