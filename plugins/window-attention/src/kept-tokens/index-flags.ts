import { add, ones, range, reshape, scatterND, type Tensor2D } from '@tensorflow/tfjs-core';

/**
 * 1 where a row lists an index, else 0.
 *
 * @param indices int32 `[rows, count]`, different ones of a row, at least one
 * @returns       float32 `[rows, width]`
 */
export function indexFlags(indices: Tensor2D, width: number): Tensor2D {
  const [rows, count] = indices.shape;
  const firsts = reshape(range(0, rows * width, width, 'int32'), [rows, 1]);
  const places = reshape(add(indices, firsts), [rows * count, 1]);
  return reshape(scatterND(places, ones([rows * count]), [rows * width]), [rows, width]);
}
