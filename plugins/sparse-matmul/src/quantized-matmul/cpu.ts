import { clamp, limitsOf, type CpuKernel, type HostTensor } from '@tfjs-sparse/core';
import type { QuantizedGroupProducts, QuantizedInputGradient, QuantizedMatMul } from './attributes.js';
import { codeAt, type QuantizedWeights } from './quantized-weights.js';

export const quantizedMatMul: CpuKernel<QuantizedMatMul> = (inputs, { weights, activation }) => {
  const { x, scales, zeros, bias, residual } = inputs;
  const { outFeatures } = weights;
  const rows = x.shape[0];
  const limits = limitsOf(activation);
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
  const finished = y.map((sum, i) => {
    const added = (bias ? bias.values[i % outFeatures] : 0) + (residual ? residual.values[i] : 0);
    return clamp(sum + added, limits);
  });
  return { y: { shape: [rows, outFeatures], values: finished } };
};

export const inputGradient: CpuKernel<QuantizedInputGradient> = (inputs, { weights }) => {
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
  return { dx: { shape: [rows, inFeatures], values: dx } };
};

export const groupProducts: CpuKernel<QuantizedGroupProducts> = ({ x, dy }, { weights }) => {
  const { inFeatures, outFeatures, groupCount } = weights;
  const weighted = new Float32Array(groupCount);
  const plain = new Float32Array(groupCount);
  forEachGroup(weights, (output, group, first, count) => {
    for (let i = 0; i < count; i++) {
      const product = columnProduct(x, first + i, inFeatures, dy, output, outFeatures);
      weighted[group] += codeAt(weights, group, i) * product;
      plain[group] += product;
    }
  });
  const shape = [groupCount];
  return { weighted: { shape, values: weighted }, plain: { shape, values: plain } };
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
