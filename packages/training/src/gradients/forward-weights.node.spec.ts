import { add, conv2d, grads, matMul, mul, sum, transpose, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { Golden, largestDifference } from '../golden-fixture.node.spec.js';
import { kernelLayout } from '../masks/kernel-layout.js';
import { nOfMMask } from '../masks/n-of-m.js';
import { densifyStages, fineStages, sparsifyStages, type StageOptions } from '../schedules/pattern-stages.js';
import { exponentialDecay, gradientFlow, linearDecay, type MaskDecay } from './gradient-flow.js';
import { srSte } from './sr-ste.js';

const tolerance = 1e-5; // sums of at most 72 products near 1 in float32, in another order than PyTorch's

describe('srSte', () => {
  for (const name of ['srste_linear_2_4', 'srste_linear_1_8', 'srste_conv_2_4'])
    it(`has masks, values and gradients of NM-sparsity (${name})`, () => {
      const golden = new Golden(name);
      const kernel = golden.kernel('w.weight');
      const pattern = { n: golden.number('N'), m: golden.number('M') };
      const mask = nOfMMask(golden.kernelValues('w.weight'), kernelLayout(kernel.shape), pattern);
      expect(Array.from(mask)).toEqual(Array.from(golden.kernelValues('idx.mask')));
      const forward = srSte({ decay: 2e-4 });
      const isConvolution = kernel.rank === 4;
      const image = (tensor: Tensor): Tensor => (isConvolution ? transpose(tensor, [0, 2, 3, 1]) : tensor);
      const layer = (x: Tensor, w: Tensor): Tensor => {
        const effective = forward(w, golden.kernel('idx.mask'), 0);
        // The published linear layer leaves its bias out.
        if (!isConvolution) return matMul(x, effective);
        return add(conv2d(x as Tensor4D, effective as Tensor4D, 1, 'same'), golden.tensor('w.bias'));
      };
      const x = image(golden.tensor('in.x'));
      expect(largestDifference(layer(x, kernel).dataSync(), image(golden.tensor('out.y')).dataSync())).toBeLessThan(
        tolerance,
      );
      const loss = (x: Tensor, w: Tensor): Tensor => sum(mul(layer(x, w), image(golden.tensor('gout.y'))));
      const [dx, dw] = grads(loss)([x, kernel]);
      expect(largestDifference(dx.dataSync(), image(golden.tensor('grad.x')).dataSync())).toBeLessThan(tolerance);
      expect(largestDifference(dw.dataSync(), golden.kernelValues('grad.weight'))).toBeLessThan(tolerance);
    });
});

describe('gradientFlow', () => {
  const decays: [string, (rate: number) => MaskDecay][] = [
    ['gradient_flow_linear', linearDecay],
    ['gradient_flow_exp_columns', exponentialDecay],
    ['gradient_flow_step', () => () => 0],
  ];
  for (const [name, decayOf] of decays)
    it(`has masks, values and gradients of the published layer (${name})`, () => {
      const golden = new Golden(name);
      const kernel = golden.kernel('w.weight');
      const along = golden.number('sparse_dim') === 1 ? 'outputs' : 'inputs';
      const pattern = { n: golden.number('N'), m: golden.number('M'), along } as const;
      const mask = nOfMMask(golden.kernelValues('w.weight'), kernelLayout(kernel.shape), pattern);
      expect(Array.from(mask)).toEqual(Array.from(golden.kernelValues('idx.mask')));
      const forward = gradientFlow(decayOf(golden.number('decay_coef')));
      const effective = (w: Tensor): Tensor => forward(w, golden.kernel('idx.mask'), golden.number('step'));
      const expected = golden.kernelValues('out.effective_weight');
      expect(largestDifference(effective(kernel).dataSync(), expected)).toBeLessThan(1e-6);
      const layer = (x: Tensor, w: Tensor): Tensor => matMul(x, effective(w));
      const x = golden.tensor('in.x');
      expect(largestDifference(layer(x, kernel).dataSync(), golden.values('out.y'))).toBeLessThan(tolerance);
      const [dx, dw] = grads((x: Tensor, w: Tensor) => sum(mul(layer(x, w), golden.tensor('gout.y'))))([x, kernel]);
      expect(largestDifference(dx.dataSync(), golden.values('grad.x'))).toBeLessThan(tolerance);
      expect(largestDifference(dw.dataSync(), golden.kernelValues('grad.weight'))).toBeLessThan(tolerance);
    });

  it('has the published stages', () => {
    const golden = new Golden('gradient_flow_schedules');
    const schedules = golden.attributes.schedules as Record<string, Record<string, number>>;
    const optionsOf = (name: string): StageOptions => {
      const { n, m, total_epochs: total, dense_epochs: dense, fine_tune_epochs: fineTune } = schedules[name];
      return { n, m, total, dense, fineTune };
    };
    const stages = [
      ...sparsifyStages(optionsOf('sparsify')),
      ...sparsifyStages(optionsOf('sparsify_b')),
      ...fineStages(optionsOf('fine')),
      ...densifyStages(optionsOf('densify')),
    ];
    expect(stages.flatMap(({ begin, n, m }) => [begin, n, m])).toEqual(Array.from(golden.values('out.schedule_rows')));
  });
});
