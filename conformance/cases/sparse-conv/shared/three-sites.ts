import { ones } from '@tensorflow/tfjs-core';
import { sparseTensor, type SparseTensor } from '@tfjs-sparse/core';

/** Two channels on (0,0,0), (0,0,1) and (1,0,0) of one cloud. */
export function threeSites(): SparseTensor {
  return sparseTensor(ones([3, 2]), Int32Array.of(0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0), { rank: 3 });
}
