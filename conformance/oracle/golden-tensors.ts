import type { SafetensorsTensor } from '@tfjs-sparse/core';

export function floats(values: readonly (readonly number[])[], columns: number): SafetensorsTensor {
  return { dtype: 'F32', shape: [values.length, columns], values: Float32Array.from(values.flat()) };
}

export function integers(values: readonly (readonly number[])[], columns: number): SafetensorsTensor {
  return { dtype: 'I32', shape: [values.length, columns], values: Int32Array.from(values.flat()) };
}

export function vector(values: readonly number[]): SafetensorsTensor {
  return { dtype: 'F32', shape: [values.length], values: Float32Array.from(values) };
}

export function filter(weight: readonly (readonly (readonly number[])[])[]): SafetensorsTensor {
  const shape = [weight.length, weight[0].length, weight[0][0].length];
  return { dtype: 'F32', shape, values: Float32Array.from(weight.flat(2)) };
}
