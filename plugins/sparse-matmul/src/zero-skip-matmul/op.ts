import { engine, matMul, reshape, tidy, zeros, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp, type OpDefinition } from '@tfjs-sparse/core';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

/**
 * `x * weights` by the inputs that are not 0: each row of x is a short list, and a row of weights is read only where the
 * list has its input. For activations that are mostly zeros (ReLU, top-k). A weight that only meets zeros takes no part,
 * so a NaN or an infinity there stays out of the product; a NaN of x is no zero.
 *
 * @param x       float32 `[..., inFeatures]`
 * @param weights float32 `[inFeatures, outFeatures]`
 * @returns       `[..., outFeatures]`; gradients go to x (dense: zeros have one too) and weights
 */
export function zeroSkipMatMul(x: Tensor, weights: Tensor2D): Tensor {
  requireOperands('zeroSkipMatMul', x, weights);
  return onRows(x, weights, (rows) => runOp(zeroSkipMatMulOp, { x: rows, weights }, {}));
}

/**
 * `x * weights`, by `zeroSkipMatMul` where x has the zeros for it and else by tfjs' matMul.
 *
 * Wasm over tfjs' dense product (768 -> 3072, 3072 -> 768, 512 -> 512; Node 20 SIMD): one row is up to 2.3 times as fast
 * without any zero and two are 1.8, because tfjs reads the weights slower; 64 rows 0.73 to 0.92 without, 0.9 to 1.2 at
 * 30 % zeros, 1.4 to 1.7 at 50 %, 3.1 to 3.9 at 80 % and 5.2 to 7.2 at 90 %. Hence the crossover; below it nothing is
 * skipped.
 *
 * The share of zeros is counted in at most 4096 values of x. On webgpu that would wait for the device: there one or two
 * rows skip zeros and more go to matMul, whatever they hold.
 */
export function activationSparseMatMul(x: Tensor, weights: Tensor2D): Tensor {
  requireOperands('activationSparseMatMul', x, weights);
  return onRows(x, weights, (rows) => {
    const isSkipping = rows.shape[0] <= fewRows || (engine().backendName !== 'webgpu' && zeroShare(rows) >= leastZeros);
    return isSkipping ? runOp(zeroSkipMatMulOp, { x: rows, weights }, {}) : matMul(rows, weights);
  });
}

const fewRows = 2;
const leastZeros = 0.4;
const mostCounted = 4096;

export const zeroSkipMatMulOp: OpDefinition<'x' | 'weights', object> = {
  name: 'SparseZeroSkipMatMul',
  kernels: { cpu: cpu.zeroSkipMatMul, wasm: wasm.zeroSkipMatMul, webgpu: webgpu.zeroSkipMatMul },
  gradient: {
    save: ['x', 'weights'],
    gradients: (dy, [x, weights]) => ({
      x: () => matMul(dy as Tensor2D, weights as Tensor2D, false, true),
      // tfjs' webgpu backend cannot bind tensors without elements.
      weights: () => (x.size === 0 ? zeros(weights.shape) : matMul(x as Tensor2D, dy as Tensor2D, true, false)),
    }),
  },
};

/** The product of x as rows `[rows, inFeatures]`, with the leading axes of x. */
function onRows(x: Tensor, weights: Tensor2D, multiply: (rows: Tensor2D) => Tensor): Tensor {
  const axes = x.shape.slice(0, -1);
  const rowCount = axes.reduce((product, size) => product * size, 1);
  return tidy(() =>
    reshape(multiply(reshape(x, [rowCount, weights.shape[0]]) as Tensor2D), [...axes, weights.shape[1]]),
  );
}

function zeroShare(x: Tensor): number {
  const values = x.dataSync();
  const step = Math.max(Math.floor(values.length / mostCounted), 1) | 1; // odd, so that it meets all columns
  let zeroCount = 0;
  let counted = 0;
  for (let i = 0; i < values.length; i += step, counted++) if (values[i] === 0) zeroCount++;
  return counted === 0 ? 1 : zeroCount / counted;
}

function requireOperands(op: string, x: Tensor, weights: Tensor): void {
  for (const [role, tensor] of Object.entries({ x, weights })) {
    requireType(tensor.dtype === 'float32', op, `${role} must be float32`, tensor.dtype);
  }
  requireRange(weights.rank === 2, op, 'weights must be [inFeatures, outFeatures]', weights.shape);
  requireRange(x.rank >= 1, op, 'x must have at least 1 axis', x.rank);
  const last = x.shape[x.rank - 1];
  requireRange(last === weights.shape[0], op, `the last axis of x must be ${weights.shape[0]} (as weights)`, last);
}
