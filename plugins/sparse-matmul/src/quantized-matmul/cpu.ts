import type { CpuKernel, HostTensor } from '@tfjs-sparse/core';
import { limitsOf } from '../matmul/activation.js';
import type { QuantizedAttrs, QuantizedInput, QuantizedMatMulAttrs } from './op.js';
import { codeAt, type QuantizedWeights } from './quantized-weights.js';

export const quantizedMatMul: CpuKernel<QuantizedInput, QuantizedMatMulAttrs> = (inputs, { weights, activation }) => {
  const { x, scales, zeros, bias } = inputs;
  const { outFeatures } = weights;
  const rows = x.shape[0];
  const [low, high] = limitsOf(activation);
  const y = new Float32Array(rows * outFeatures);
  forEachGroup(weights, (output, group, first, count) => {
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const weight = scales.values[group] * (codeAt(weights, group, i) - zeros.values[group]);
        sum += weight * x.values[row * weights.inFeatures + first + i];
      }
      y[row * outFeatures + output] += sum;
    }
  });
  const clamped = y.map((sum, i) => Math.min(Math.max(sum + (bias?.values[i % outFeatures] ?? 0), low), high));
  return { shape: [rows, outFeatures], values: clamped };
};

export const inputGradient: CpuKernel<'dy' | 'scales' | 'zeros', QuantizedAttrs> = (inputs, { weights }) => {
  const { dy, scales, zeros } = inputs;
  const { inFeatures, outFeatures } = weights;
  const rows = dy.shape[0];
  const dx = new Float32Array(rows * inFeatures);
  forEachGroup(weights, (output, group, first, count) => {
    for (let i = 0; i < count; i++) {
      const weight = scales.values[group] * (codeAt(weights, group, i) - zeros.values[group]);
      for (let row = 0; row < rows; row++) {
        dx[row * inFeatures + first + i] += weight * dy.values[row * outFeatures + output];
      }
    }
  });
  return { shape: [rows, inFeatures], values: dx };
};

export const groupProducts: CpuKernel<'x' | 'dy', QuantizedAttrs> = ({ x, dy }, { weights }) => {
  const { inFeatures, outFeatures, groupCount } = weights;
  const products = new Float32Array(2 * groupCount);
  forEachGroup(weights, (output, group, first, count) => {
    for (let i = 0; i < count; i++) {
      const product = columnProduct(x, first + i, inFeatures, dy, output, outFeatures);
      products[group] += codeAt(weights, group, i) * product;
      products[groupCount + group] += product;
    }
  });
  return { shape: [2, groupCount], values: products };
};

/** Sum over the rows of x[row, input] * dy[row, output]. */
function columnProduct(x: HostTensor, input: number, inFeatures: number, dy: HostTensor, output: number, outs: number) {
  let sum = 0;
  for (let row = 0; row < x.shape[0]; row++) sum += x.values[row * inFeatures + input] * dy.values[row * outs + output];
  return sum;
}

/** Every kept group with its first input and how many inputs it has. */
function forEachGroup(
  { inFeatures, outFeatures, groupSize, groups }: QuantizedWeights,
  visit: (output: number, group: number, first: number, count: number) => void,
): void {
  for (let output = 0; output < outFeatures; output++) {
    for (let group = groups.starts[output]; group < groups.starts[output + 1]; group++) {
      const first = groups.columns[group] * groupSize;
      visit(output, group, first, Math.min(groupSize, inFeatures - first));
    }
  }
}
