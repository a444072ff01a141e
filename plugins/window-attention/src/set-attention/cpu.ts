import type { CpuKernel, HostTensor } from '@tfjs-sparse/core';
import { pointRopeCpu } from '../point-rope/cpu.js';
import { setDotProductAttentionCpu } from '../set-dot-product-attention/cpu.js';
import type { SetAttention } from './attributes.js';

/** Projections to queries, keys and values, attention within sets, and the projection of what it gives. */
export const setAttentionCpu: CpuKernel<SetAttention> = (inputs, { rope, ...attrs }) => {
  const { x, qkv, output, position, qkvBias, outputBias, bias } = inputs;
  const channels = x.shape[1];
  const placed = position ? { ...x, values: x.values.map((value, i) => value + position.values[i]) } : x;
  const [q, k] = [0, 1].map((part) => {
    const projected = project(placed, qkv, qkvBias, part * channels);
    if (!rope) return projected;
    return pointRopeCpu({ x: projected }, { ...rope, heads: attrs.heads, isBackward: false }).y;
  });
  const v = project(x, qkv, qkvBias, 2 * channels);
  const { y } = setDotProductAttentionCpu({ q, k, v, ...(bias && { bias }) }, attrs);
  return { y: project(y, output, outputBias, 0) };
};

/** Rows times as many columns of a matrix as they have, from `first` on. */
function project(x: HostTensor, matrix: HostTensor, bias: HostTensor | undefined, first: number): HostTensor {
  const [rows, channels] = x.shape;
  const values = new Float32Array(rows * channels);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < channels; column++) {
      let sum = bias ? bias.values[first + column] : 0;
      for (let inner = 0; inner < channels; inner++) {
        sum += x.values[row * channels + inner] * matrix.values[inner * matrix.shape[1] + first + column];
      }
      values[row * channels + column] = sum;
    }
  }
  return { shape: x.shape, values };
}
