import type { Tensor2D } from '@tensorflow/tfjs-core';
import { runOp, type OpDefinition } from '@tfjs-sparse/core';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';
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
 * @returns  `[blocks, blockOutputs]`
 */
export function sampledProduct(x: Tensor2D, dy: Tensor2D, pattern: SparsityPattern): Tensor2D {
  return runOp(sampledProductOp, { x, dy }, { pattern }) as Tensor2D;
}

export const sampledProductOp: OpDefinition<'x' | 'dy', SampledProductAttrs> = {
  name: 'SparseSampledProduct',
  kernels: { cpu: sampledProductCpu, wasm: sampledProductWasm, webgpu: sampledProductWebgpu },
  tables: sampledProductTables,
};
