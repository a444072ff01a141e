import type { WasmScope, WasmTensor } from '@tfjs-sparse/core';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';

/** What every WASM kernel for a product with sparse weights takes. */
export interface ProductOperands {
  readonly x: WasmTensor;
  readonly values: WasmTensor;
  readonly pattern: SparsityPattern;
  /** By the names of their parameters. */
  readonly numbers: {
    readonly x: number;
    readonly y: number;
    /** Of `paddedBias`. */
    readonly bias: number;
    /** 0 without one. */
    readonly residual: number;
    readonly rows: number;
    readonly inFeatures: number;
    readonly outFeatures: number;
    readonly low: number;
    readonly high: number;
  };
}

export type Multiply = (operands: ProductOperands, wasm: WasmScope) => void;
