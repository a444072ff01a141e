import type { KernelGeometry } from '@tfjs-sparse/core';

/** A submanifold 3 x 3 x 3 kernel. */
export const submGeometry: KernelGeometry = {
  kernelSize: [3, 3, 3],
  strides: [1, 1, 1],
  padding: [1, 1, 1],
  dilation: [1, 1, 1],
  outputRule: 'same',
};
