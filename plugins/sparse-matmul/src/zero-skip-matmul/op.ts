import { add, engine, matMul, relu, relu6, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { requireEpilogue, requireRange, runFused, type Epilogue } from '@tfjs-sparse/core';
import { onRows, productShape } from '../matmul/on-rows.js';
import { requireFloats, requireLastAxis } from '../matmul/operands.js';
import { zeroSkipMatMulOps } from './definition.js';

/**
 * `activation(x * weights + bias + residual)` by the inputs that are not 0: each row of x is a short list, and a row of
 * weights is read only where the list has its input. For activations that are mostly zeros (ReLU, top-k). A weight that
 * only meets zeros takes no part, so a NaN or an infinity there stays out of the product; a NaN of x is no zero.
 *
 * @param x       float32 `[..., inFeatures]`
 * @param weights float32 `[inFeatures, outFeatures]`
 * @returns       `[..., outFeatures]`; gradients go to x (dense: zeros have one too), weights, bias and residual
 * @throws RangeError where shapes do not fit each other, TypeError for other than float32
 */
export function zeroSkipMatMul(x: Tensor, weights: Tensor2D, options: Epilogue = {}): Tensor {
  requireOperands('zeroSkipMatMul', x, weights, options);
  return onRows(x, weights.shape[1], options, (rows, epilogue) => zeroSkipProduct(rows, weights, epilogue));
}

/**
 * The same product, by `zeroSkipMatMul` where x has the zeros for it and else by tfjs' matMul.
 *
 * Wasm over tfjs' dense product (768 -> 3072, 3072 -> 768, 512 -> 512; Node 20 SIMD): one row is up to 2.3 times as fast
 * without any zero and two are 1.8, because tfjs reads the weights slower; 64 rows 0.73 to 0.92 without, 0.9 to 1.2 at
 * 30 % zeros, 1.4 to 1.7 at 50 %, 3.1 to 3.9 at 80 % and 5.2 to 7.2 at 90 %. Hence the crossover; below it nothing is
 * skipped.
 *
 * The share of zeros is counted in at most 4096 values of x. On webgpu that would wait for the device: there one or two
 * rows skip zeros and more go to matMul, whatever they hold.
 *
 * @param x       float32 `[..., inFeatures]`
 * @param weights float32 `[inFeatures, outFeatures]`
 * @returns       `[..., outFeatures]`
 * @throws RangeError where shapes do not fit each other, TypeError for other than float32
 */
export function activationSparseMatMul(x: Tensor, weights: Tensor2D, options: Epilogue = {}): Tensor {
  requireOperands('activationSparseMatMul', x, weights, options);
  return onRows(x, weights.shape[1], options, (rows, epilogue) => {
    const isSkipping = rows.shape[0] <= fewRows || (engine().backendName !== 'webgpu' && zeroShare(rows) >= leastZeros);
    return isSkipping ? zeroSkipProduct(rows, weights, epilogue) : denseProduct(rows, weights, epilogue);
  });
}

const fewRows = 2;
const leastZeros = 0.4;
const mostCounted = 4096;

function zeroSkipProduct(x: Tensor2D, weights: Tensor2D, epilogue: Epilogue<Tensor2D>): Tensor2D {
  const { bias, residual, activation = 'linear' } = epilogue;
  return runFused(zeroSkipMatMulOps, { x, weights, bias, residual }, { activation }) as Tensor2D;
}

function denseProduct(x: Tensor2D, weights: Tensor2D, epilogue: Epilogue<Tensor2D>): Tensor2D {
  const { bias, residual, activation = 'linear' } = epilogue;
  let y: Tensor2D = matMul(x, weights);
  if (bias) y = add(y, bias);
  if (residual) y = add(y, residual);
  if (activation === 'linear') return y;
  return activation === 'relu' ? relu(y) : relu6(y);
}

/** Of a tensor that is not on webgpu: it is read at once. */
function zeroShare(x: Tensor): number {
  const values = x.dataSync();
  const step = Math.max(Math.floor(values.length / mostCounted), 1) | 1; // odd, so that it meets all columns
  let zeroCount = 0;
  let counted = 0;
  for (let i = 0; i < values.length; i += step, counted++) if (values[i] === 0) zeroCount++;
  return counted === 0 ? 1 : zeroCount / counted;
}

function requireOperands(op: string, x: Tensor, weights: Tensor, epilogue: Epilogue): void {
  requireFloats(op, { x, weights });
  requireRange(weights.rank === 2, op, 'weights must be [inFeatures, outFeatures]', weights.shape);
  requireLastAxis(op, x, weights.shape[0]);
  requireEpilogue(op, epilogue, productShape(x, weights.shape[1]!));
}
