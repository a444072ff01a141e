import type { serialization, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
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
import { requireCount, requireSize, savedSize, sizeOf, type SparseKernelSize } from '../sparse-matmul/layer.js';
import { sparseConv1x1 } from './op.js';

export interface SparseConv1x1Args extends SparseWeightsArgs, SparseKernelSize {
  /** Output channels. */
  filters: number;
  /** Along height and width, or for both; default 1. */
  strides?: number | [height: number, width: number];
  /** States that n of every m consecutive input channels are kept; default no such rule. */
  groups?: GroupRule;
}

/** tf.layers.conv2d with kernelSize 1 and sparse weights, on images in NHWC. A new layer has a random pattern. */
export class SparseConv1x1 extends SparseWeightsLayer {
  static className = 'SparseConv1x1';
  protected readonly outFeatures: number;
  private readonly strides: [height: number, width: number];
  private readonly groups: GroupRule | undefined;
  private readonly size: SparseKernelSize;

  constructor(args: SparseConv1x1Args) {
    super(args);
    requireCount('sparseConv1x1', 'filters', args.filters);
    this.outFeatures = args.filters;
    this.strides = typeof args.strides === 'object' ? args.strides : [args.strides ?? 1, args.strides ?? 1];
    for (const stride of this.strides) requireCount('sparseConv1x1', 'strides', stride);
    this.groups = args.groups ?? undefined;
    if (this.groups) requireGroupRule(this.groups, 'sparseConv1x1');
    this.size = requireSize('sparseConv1x1', args);
  }

  protected groupsOf(): GroupRule | undefined {
    return this.groups;
  }

  protected storedSize(options: SparsityPatternOptions) {
    return this.groups ? groupedSize(this.groups, options) : sizeOf(this.size, options);
  }

  protected multiply(x: Tensor, values: Tensor2D, pattern: SparsityPattern, epilogue: Epilogue): Tensor {
    return sparseConv1x1(x as Tensor4D, values, pattern, {
      ...(epilogue as Epilogue<Tensor4D>),
      strides: this.strides,
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, height, width] = featureShape(inputShape);
    const strided = (size: number | null, stride: number) => (size === null ? null : Math.ceil(size / stride));
    return [batch, strided(height, this.strides[0]), strided(width, this.strides[1]), this.outFeatures];
  }

  override getConfig(): serialization.ConfigDict {
    const size = this.groups ? {} : { ...this.size, ...savedSize(this.builtSize) };
    const groups = this.groups ? { ...this.groups } : null;
    return { ...super.getConfig(), filters: this.outFeatures, strides: this.strides, groups, ...size };
  }
}
