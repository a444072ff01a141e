import { reshape, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Epilogue } from '@tfjs-sparse/core';

/** The shape of what a product makes of x. */
export function productShape(x: Tensor, outFeatures: number): number[] {
  return [...x.shape.slice(0, -1), outFeatures];
}

/**
 * A product of rows, on the last axis of x: x `[..., inFeatures]` and a residual `[..., outFeatures]` become
 * `[rows, inFeatures]` and `[rows, outFeatures]`.
 */
export function onRows(
  x: Tensor,
  outFeatures: number,
  { bias, residual, activation }: Epilogue,
  multiply: (rows: Tensor2D, epilogue: Epilogue<Tensor2D>) => Tensor2D,
): Tensor {
  const shape = productShape(x, outFeatures);
  const rowCount = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  return tidy(() => {
    const rows = reshape(x, [rowCount, x.shape[x.rank - 1]]) as Tensor2D;
    const residualRows = residual && (reshape(residual, [rowCount, outFeatures]) as Tensor2D);
    return reshape(multiply(rows, { bias, residual: residualRows, activation }), shape);
  });
}
