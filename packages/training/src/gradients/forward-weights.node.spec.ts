import { add, conv2d, grads, matMul, mul, sum, transpose, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { Golden, largestDifference } from '../golden-fixture.node.spec.js';
import { kernelLayout } from '../masks/kernel-layout.js';
import { nOfMMask } from '../masks/n-of-m.js';
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
