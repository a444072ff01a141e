// What a user writes. Run in Node, through a bundler, and in a page.
import { setBackend, tensor2d, tensor3d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { sparseTensor, submConv } from '@tfjs-sparse/sparse-conv';

/** Two neighbouring sites, a filter of ones: each site becomes the sum of both, 1 + 2. */
export async function run() {
  await setBackend('cpu');
  const coordinates = [
    [0, 4, 4],
    [0, 4, 5],
  ];
  const x = sparseTensor(tensor2d([[1], [2]]), coordinates);
  const filter = tensor3d(new Array(9).fill(1), [9, 1, 1]);
  return Array.from(await submConv(x, filter, { kernelSize: 3 }).features.data());
}

export const expected = [3, 3];
