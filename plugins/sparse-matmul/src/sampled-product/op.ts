import type { Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp, type OpDefinition } from '@tfjs-sparse/core';
import { SparsityPattern } from '../pattern/sparsity-pattern.js';
import { sampledProductCpu } from './cpu.js';
import { sampledProductWasm } from './wasm.js';
import { sampledProductTables, sampledProductWebgpu } from './webgpu.js';

export interface SampledProductAttrs {
  readonly pattern: SparsityPattern;
}

/**
 * Of the product `x^T * dy` the elements that `pattern` keeps (sampled dense-dense matrix product, SDDMM): the gradient
 * for the kept weights.
 *
 * @param x  `[rows, inFeatures]`
 * @param dy `[rows, outFeatures]`
 * @returns  `[blocks, blockOutputs]`; 0 for the weights behind the last output
 * @throws RangeError where shapes do not fit the pattern, TypeError for other than float32
 */
export function sampledProduct(x: Tensor2D, dy: Tensor2D, pattern: SparsityPattern): Tensor2D {
  const name = 'sampledProduct';
  requireType(pattern instanceof SparsityPattern, name, 'pattern must be a SparsityPattern', typeof pattern);
  const { inFeatures, outFeatures } = pattern;
  for (const [role, tensor] of Object.entries({ x, dy })) {
    requireType(tensor.dtype === 'float32', name, `${role} must be float32`, tensor.dtype);
  }
  const isMatrix = (x.rank as number) === 2 && x.shape[1] === inFeatures;
  requireRange(isMatrix, name, `x must be [rows, ${inFeatures}] (inFeatures)`, x.shape);
  const rows = x.shape[0];
  const isFitting = (dy.rank as number) === 2 && dy.shape[0] === rows && dy.shape[1] === outFeatures;
  requireRange(isFitting, name, `dy must be [${rows}, ${outFeatures}] (rows, outFeatures)`, dy.shape);
  return runOp(sampledProductOp, { x, dy }, { pattern }) as Tensor2D;
}

export const sampledProductOp: OpDefinition<'x' | 'dy', SampledProductAttrs> = {
  name: 'SparseSampledProduct',
  kernels: { cpu: sampledProductCpu, wasm: sampledProductWasm, webgpu: sampledProductWebgpu },
  tables: sampledProductTables,
};
