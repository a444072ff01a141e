import { Golden } from '../golden-fixture.node.spec.js';
import { erdosRenyi, erdosRenyiKernel, prunedCount } from './allocation.js';
import { aspBestMask, aspGreedyMask } from './asp.js';
import { globalMP } from './global-mp.js';
import type { Mask, Scores } from './keep-largest.js';
import { kernelLayout, type KernelLayout } from './kernel-layout.js';
import { globalMagnitudeMasks, magnitudeMask, pruneFurther } from './magnitude.js';
import { nOfMMask } from './n-of-m.js';
import { structuredMask } from './structured.js';

describe('masks of ASP', () => {
  const cases: [string, (weights: Scores, layout: KernelLayout) => Mask][] = [
    ['asp_1d_linear', (weights, layout) => nOfMMask(weights, layout, { n: 2, m: 4 })],
    ['asp_1d_conv', (weights, layout) => nOfMMask(weights, layout, { n: 2, m: 4 })],
    ['asp_2d_greedy', aspGreedyMask],
    ['asp_2d_best', aspBestMask],
  ];
  for (const [name, maskOf] of cases)
    it(name, () => {
      const golden = new Golden(name);
      const layout = kernelLayout(golden.kernel('in.weight').shape);
      expectEqual(maskOf(golden.kernelValues('in.weight'), layout), golden.kernelValues('out.mask'));
    });
});

describe('masks of torch.nn.utils.prune', () => {
  it('l1_unstructured', () => {
    const golden = new Golden('torch_prune_l1');
    expectEqual(magnitudeMask(golden.values('in.weight'), golden.number('amount')), golden.values('out.mask'));
  });

  it('l1_unstructured twice', () => {
    const golden = new Golden('torch_prune_iterative');
    const first = magnitudeMask(golden.values('in.weight'), golden.number('amount'));
    expectEqual(first, golden.values('out.mask_first'));
    expectEqual(pruneFurther(golden.values('in.weight'), first, golden.number('amount')), golden.values('out.mask'));
  });

  it('ln_structured', () => {
    const golden = new Golden('torch_prune_ln_rows');
    const layout = kernelLayout(golden.kernel('in.weight').shape);
    const mask = structuredMask(golden.kernelValues('in.weight'), layout, golden.number('amount'));
    expectEqual(mask, golden.kernelValues('out.mask'));
  });

  it('global_unstructured', () => {
    const golden = new Golden('torch_prune_global');
    const weights = ['in.weight0', 'in.weight1'].map((name) => golden.values(name));
    const masks = globalMagnitudeMasks(weights, golden.number('amount'));
    masks.forEach((mask, i) => expectEqual(mask, golden.values(`out.mask${i}`)));
  });
});

describe('globalMP', () => {
  for (const name of ['globalmp_s70', 'globalmp_s90_mt'])
    it(`has sparsities and masks of GlobalMP (${name})`, () => {
      const golden = new Golden(name);
      const weights = [0, 1, 2].map((layer) => golden.values(`w.${layer}.weight`));
      const { sparsities, masks } = globalMP(
        weights,
        golden.number('sparsity'),
        golden.number('min_threshold_percent') / 100,
      );
      const expected = golden.values('out.step2.layer_sparsities.64');
      sparsities.forEach((sparsity, i) => expect(sparsity).toBeCloseTo(expected[i], 6));
      masks.forEach((mask, i) => expectEqual(mask, golden.values(`out.step3.mask.${i}`)));
    });
});

describe('allocation', () => {
  it('erdosRenyiKernel raises densities to powerScale before it scales them', () => {
    const shapes = [
      [3, 3, 16, 32],
      [3, 3, 64, 64],
    ];
    for (const powerScale of [0, 0.5, 1, 2]) {
      const [a, b] = erdosRenyiKernel(0.9, { powerScale })(shapes).map((sparsity) => 1 - sparsity);
      const [unscaledA, unscaledB] = [(3 + 3 + 16 + 32) / 4608, (3 + 3 + 64 + 64) / 36864];
      expect(a / b).toBeCloseTo((unscaledA / unscaledB) ** powerScale, 6);
      expect(Math.abs(a * 4608 + b * 36864 - 0.1 * 41472)).toBeLessThan(2); // counts are rounded down by layer
    }
  });

  it('erdosRenyiKernel has the sparsities of rigl', () => {
    const golden = new Golden('erk_kernel');
    const shapes = golden.attributes.shapes as number[][];
    expectAllocation(golden, shapes, erdosRenyiKernel(golden.number('default_sparsity'))(shapes));
  });

  it('erdosRenyi has the sparsities of rigl, one of them given', () => {
    const golden = new Golden('erk_er_custom');
    const shapes = golden.attributes.shapes as number[][];
    const fixed = new Map([[0, 0]]);
    expectAllocation(golden, shapes, erdosRenyi(golden.number('default_sparsity'), { fixed })(shapes));
  });
});

function expectAllocation(golden: Golden, shapes: number[][], sparsities: number[]): void {
  const expected = golden.values('out.sparsity.64');
  sparsities.forEach((sparsity, i) => expect(sparsity).toBeCloseTo(expected[i], 6));
  const pruned = shapes.map((shape, i) =>
    prunedCount(
      shape.reduce((size, axis) => size * axis, 1),
      sparsities[i],
    ),
  );
  expect(pruned).toEqual(Array.from(golden.values('out.n_zeros')));
}

function expectEqual(mask: Mask, expected: ArrayLike<number>): void {
  expect(Array.from(mask)).toEqual(Array.from(expected));
}
