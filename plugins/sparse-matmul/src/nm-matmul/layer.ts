import type { serialization, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { Epilogue } from '@tfjs-sparse/core';
import { featureShape } from '@tfjs-sparse/layers';
import { SparseWeightsLayer, type SparseWeightsArgs } from '../matmul/sparse-weights-layer.js';
import {
  requireGroupRule,
  type GroupRule,
  type SparsityPattern,
  type SparsityPatternOptions,
} from '../pattern/sparsity-pattern.js';
import { groupedSize } from '../pattern/stored-pattern.js';
import { requireCount } from '../sparse-matmul/layer.js';
import { nmMatMul } from './op.js';

export interface NMDenseArgs extends SparseWeightsArgs {
  /** Outputs. */
  units: number;
  /** Kept inputs of each group; default 2. */
  n?: number;
  /** Inputs of a group: 2, 4, 8 or 16; default 4. */
  m?: number;
}

/** tf.layers.dense that keeps n of every m consecutive inputs of each output, or of each block of `blockOutputs` outputs. */
export class NMDense extends SparseWeightsLayer {
  static className = 'NMDense';
  protected readonly outFeatures: number;
  private readonly groups: GroupRule;

  constructor(args: NMDenseArgs) {
    super(args);
    this.supportsMasking = true; // as tf.layers.dense
    requireCount('nmDense', 'units', args.units);
    this.outFeatures = args.units;
    this.groups = { n: args.n ?? 2, m: args.m ?? 4 };
    requireGroupRule(this.groups, 'nmDense');
  }

  protected groupsOf(): GroupRule {
    return this.groups;
  }

  protected storedSize(options: SparsityPatternOptions) {
    return groupedSize(this.groups, options);
  }

  protected multiply(x: Tensor, values: Tensor2D, pattern: SparsityPattern, epilogue: Epilogue): Tensor {
    return nmMatMul(x, values, pattern, epilogue);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [...featureShape(inputShape).slice(0, -1), this.outFeatures];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), units: this.outFeatures, ...this.groups };
  }
}
