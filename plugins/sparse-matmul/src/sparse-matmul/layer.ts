import type { serialization, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { requireRange, type Epilogue } from '@tfjs-sparse/core';
import { featureShape } from '@tfjs-sparse/layers';
import { SparseWeightsLayer, type SparseWeightsArgs } from '../matmul/sparse-weights-layer.js';
import type { SparsityPattern, SparsityPatternOptions } from '../pattern/sparsity-pattern.js';
import { sparseMatMul } from './op.js';

export interface SparseKernelSize {
  /** Share of the weights that a new layer does not keep, 0 to 1 (less than 1); default 0.9. */
  sparsity?: number;
  /** Kept blocks, instead of `sparsity`: what a saved layer says. */
  blocks?: number;
  /** Words of the encoded pattern: what a saved layer says. */
  patternWords?: number;
}

export interface SparseDenseArgs extends SparseWeightsArgs, SparseKernelSize {
  /** Outputs. */
  units: number;
}

/** tf.layers.dense with sparse weights: `activation(x * W + bias)` on the last axis. A new layer has a random pattern. */
export class SparseDense extends SparseWeightsLayer {
  static className = 'SparseDense';
  protected readonly outFeatures: number;
  private readonly size: SparseKernelSize;

  constructor(args: SparseDenseArgs) {
    super(args);
    this.supportsMasking = true; // as tf.layers.dense
    requireCount('sparseDense', 'units', args.units);
    this.outFeatures = args.units;
    this.size = requireSize('sparseDense', args);
  }

  protected groupsOf(): undefined {}

  protected storedSize(options: SparsityPatternOptions) {
    return sizeOf(this.size, options);
  }

  protected multiply(x: Tensor, values: Tensor2D, pattern: SparsityPattern, epilogue: Epilogue): Tensor {
    return sparseMatMul(x, values, pattern, epilogue);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [...featureShape(inputShape).slice(0, -1), this.outFeatures];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), units: this.outFeatures, ...this.size, ...savedSize(this.builtSize) };
  }
}

export function requireCount(name: string, role: string, count: number): void {
  requireRange(Number.isInteger(count) && count >= 1, name, `${role} must be a whole number of at least 1`, count);
}

export function requireSize(name: string, { sparsity, blocks, patternWords }: SparseKernelSize): SparseKernelSize {
  const isShare = sparsity === undefined || (sparsity >= 0 && sparsity < 1);
  requireRange(isShare, name, 'sparsity must be at least 0 and below 1', sparsity);
  return { sparsity, blocks, patternWords };
}

export function sizeOf(
  { sparsity = 0.9, blocks, patternWords }: SparseKernelSize,
  { inFeatures, outFeatures, blockOutputs = 1 }: SparsityPatternOptions,
): { blocks: number; words: number | null } {
  const most = Math.ceil(outFeatures / blockOutputs) * inFeatures;
  const isPossible = blocks === undefined || (Number.isInteger(blocks) && blocks >= 0 && blocks <= most);
  requireRange(isPossible, 'sparseWeights', `blocks must be a whole number from 0 to ${most}`, blocks);
  return { blocks: blocks ?? Math.round(most * (1 - sparsity)), words: patternWords ?? null };
}

/** What a config says of a built layer. */
export function savedSize(size: { readonly blocks: number; readonly words: number } | null): SparseKernelSize {
  return size ? { blocks: size.blocks, patternWords: size.words } : {};
}
