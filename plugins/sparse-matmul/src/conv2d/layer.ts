import type { serialization, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { requireRange, type Epilogue } from '@tfjs-sparse/core';
import { featureShape } from '@tfjs-sparse/layers';
import { imageGeometry, type Padding } from '../image-geometry.js';
import { SparseWeightsLayer, type SparseWeightsArgs } from '../matmul/sparse-weights-layer.js';
import {
  requireGroupRule,
  type GroupRule,
  type SparsityPattern,
  type SparsityPatternOptions,
} from '../pattern/sparsity-pattern.js';
import { groupedSize } from '../pattern/stored-pattern.js';
import { requireCount, requireSize, savedSize, sizeOf, type SparseKernelSize } from '../sparse-matmul/layer.js';
import { sparseConv2D } from './op.js';

export interface SparseFilterConv2DArgs extends SparseWeightsArgs, SparseKernelSize {
  /** Output channels. */
  filters: number;
  /** Of the filter, for both axes or each. */
  kernelSize: number | [height: number, width: number];
  /** Default 1. */
  strides?: number | [height: number, width: number];
  /** Default 'valid'. */
  padding?: Padding;
  /** Default 1. */
  dilationRate?: number | [height: number, width: number];
  /** Groups of channels that meet each other alone; default 1. */
  groups?: number;
  /** States that n of every m consecutive inputs `[height, width, inChannels / groups]` are kept; default no such rule. */
  n?: number;
  m?: number;
}

const name = 'sparseFilterConv2D';

/**
 * tf.layers.conv2d with a sparse filter, on images in NHWC, as Keras' Conv2D with groups. A new layer has a random
 * pattern. (`SparseConv2D` of the plugin sparse-conv is another thing: a dense filter on sparse sites.)
 */
export class SparseFilterConv2D extends SparseWeightsLayer {
  static className = 'SparseFilterConv2D';
  protected readonly outFeatures: number;
  private readonly kernelSize: [height: number, width: number];
  private readonly strides: [height: number, width: number];
  private readonly padding: Padding;
  private readonly dilationRate: [height: number, width: number];
  private readonly groups: number;
  private readonly rule: GroupRule | undefined;
  private readonly size: SparseKernelSize;

  constructor(args: SparseFilterConv2DArgs) {
    super(args);
    requireCount(name, 'filters', args.filters);
    this.outFeatures = args.filters;
    this.kernelSize = pair('kernelSize', args.kernelSize);
    this.strides = pair('strides', args.strides ?? 1);
    this.padding = args.padding ?? 'valid';
    this.dilationRate = pair('dilationRate', args.dilationRate ?? 1);
    this.groups = args.groups ?? 1;
    requireCount(name, 'groups', this.groups);
    const { n, m } = args;
    requireRange((n === undefined) === (m === undefined), name, 'n and m must be given together', [n, m]);
    this.rule = n === undefined ? undefined : { n, m: m! };
    if (this.rule) requireGroupRule(this.rule, name);
    this.size = requireSize(name, args);
  }

  protected override inFeaturesOf(channels: number): number {
    const { kernelSize, groups } = this;
    const rule = `the channels of the input must be a multiple of groups (${groups})`;
    requireRange(channels % groups === 0, name, rule, channels);
    return (kernelSize[0] * kernelSize[1] * channels) / groups;
  }

  protected groupsOf(): GroupRule | undefined {
    return this.rule;
  }

  protected storedSize(options: SparsityPatternOptions) {
    return this.rule ? groupedSize(this.rule, options) : sizeOf(this.size, options);
  }

  protected multiply(x: Tensor, values: Tensor2D, pattern: SparsityPattern, epilogue: Epilogue): Tensor {
    return sparseConv2D(x as Tensor4D, values, pattern, {
      ...(epilogue as Epilogue<Tensor4D>),
      kernelSize: this.kernelSize,
      strides: this.strides,
      padding: this.padding,
      dilations: this.dilationRate,
      groups: this.groups,
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, height, width] = featureShape(inputShape);
    const { kernelSize, strides, padding, dilationRate } = this;
    const reach = kernelSize.map((size, axis) => (size - 1) * dilationRate[axis] + 1);
    const known = [1, height ?? reach[0], width ?? reach[1], 1];
    const { outHeight, outWidth } = imageGeometry(known, kernelSize, strides, padding, undefined, dilationRate);
    return [batch, height === null ? null : outHeight, width === null ? null : outWidth, this.outFeatures];
  }

  override getConfig(): serialization.ConfigDict {
    const { kernelSize, strides, padding, dilationRate, groups, rule } = this;
    const size = rule ? { ...rule } : { ...this.size, ...savedSize(this.builtSize) };
    const config = { filters: this.outFeatures, kernelSize, strides, padding, dilationRate, groups, ...size };
    return { ...super.getConfig(), ...config } as serialization.ConfigDict;
  }
}

function pair(role: string, size: number | [height: number, width: number]): [height: number, width: number] {
  const [height, width] = typeof size === 'number' ? [size, size] : size;
  for (const each of [height, width]) requireCount(name, role, each);
  return [height, width];
}
