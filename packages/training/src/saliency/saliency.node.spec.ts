import { Golden, largestDifference } from '../golden-fixture.node.spec.js';
import { kernelLayout } from '../masks/kernel-layout.js';
import { nOfMMask } from '../masks/n-of-m.js';
import { cholesky } from './cholesky.js';
import { hessian, sparseGPT } from './sparse-gpt.js';
import { InputPowers, perOutputMask, wandaScores } from './wanda.js';

describe('Wanda', () => {
  for (const name of ['wanda_unstructured', 'wanda_2_4'])
    it(`has scores and masks of llm-compressor (${name})`, () => {
      const golden = new Golden(name);
      const [batches, sequences, tokens, inputs] = golden.shape('in.calib');
      const powers = new InputPowers(inputs);
      const activations = golden.values('in.calib');
      const batchSize = sequences * tokens * inputs;
      for (let batch = 0; batch < batches; batch++)
        powers.add(activations.subarray(batch * batchSize, (batch + 1) * batchSize), sequences);
      expect(largestDifference(powers.values(), golden.values('out.row_scalars'))).toBeLessThan(1e-5);
      const layout = kernelLayout(golden.kernel('in.weight').shape);
      const weights = golden.kernelValues('in.weight');
      const scores = wandaScores(weights, layout, powers.values());
      const [n, m] = [golden.number('prune_n'), golden.number('prune_m')];
      const mask =
        m > 0 ? nOfMMask(scores, layout, { n: m - n, m }) : perOutputMask(scores, layout, golden.number('sparsity'));
      expect(Array.from(mask)).toEqual(Array.from(golden.kernelValues('out.mask')));
      const pruned = Array.from(weights, (weight, i) => weight * mask[i]);
      expect(largestDifference(pruned, golden.kernelValues('out.weight'))).toBe(0);
    });
});

describe('sparseGPT', () => {
  for (const name of ['sparsegpt_unstructured', 'sparsegpt_2_4'])
    it(`has Hessian, mask, weights and loss of llm-compressor (${name})`, () => {
      const golden = new Golden(name);
      const [batches, sequences, , inputs] = golden.shape('in.calib');
      const statistics = hessian(golden.values('in.calib'), inputs, batches * sequences);
      expect(largestDifference(statistics, golden.values('out.hessian'))).toBeLessThan(1e-4); // sums near 100 in float32
      const [n, m] = [golden.number('prune_n'), golden.number('prune_m')];
      const { mask, weights, loss } = sparseGPT(
        golden.kernelValues('in.weight'),
        kernelLayout(golden.kernel('in.weight').shape),
        statistics,
        {
          prune: m > 0 ? { n: m - n, m } : { sparsity: golden.number('sparsity') },
          blockSize: golden.number('block_size'),
          dampening: golden.number('dampening_frac'),
        },
      );
      expect(Array.from(mask)).toEqual(Array.from(golden.kernelValues('out.mask')));
      expect(largestDifference(weights, golden.kernelValues('out.weight'))).toBeLessThan(1e-4); // float32 inverses there
      expect(loss / golden.values('out.loss')[0]).toBeCloseTo(1, 4);
    });

  it('refuses a Hessian that is not positive definite', () => {
    expect(() => cholesky(Float64Array.of(1, 2, 2, 1), 2)).toThrowError(
      'cholesky: the matrix must be positive definite (raise the dampening), got -3',
    );
  });
});
