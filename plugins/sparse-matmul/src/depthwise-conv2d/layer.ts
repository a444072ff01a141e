import { tidy, type serialization, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import {
  featureShape,
  FusedLayer,
  type Constraint,
  type FusedArgs,
  type Identifier,
  type Initializer,
  type KernelSetting,
  type Regularizer,
} from '@tfjs-sparse/layers';
import { imageGeometry } from '../image-geometry.js';
import { depthwiseConv2D } from './op.js';

export interface FusedDepthwiseConv2DArgs extends Omit<FusedArgs, KernelSetting> {
  /** Of the filter, for both axes or each. */
  kernelSize: number | [height: number, width: number];
  /** Default 1. */
  strides?: number | [height: number, width: number];
  /** Default 'valid'. */
  padding?: 'same' | 'valid';
  /** Only 1, the default, is supported. */
  depthMultiplier?: number;
  /** Default `glorotNormal`. */
  depthwiseInitializer?: Identifier<Initializer>;
  /** Default none. */
  depthwiseRegularizer?: Identifier<Regularizer>;
  /** Default none. */
  depthwiseConstraint?: Identifier<Constraint>;
}

/**
 * tf.layers.depthwiseConv2d with the kernels of `depthwiseConv2D`: what stands between layers with sparse weights. Its
 * filter is dense. Weights and their names are those of tf.layers.depthwiseConv2d. With `[x, residual]` as its inputs, a
 * residual in the shape of the output is added before the activation.
 */
export class FusedDepthwiseConv2D extends FusedLayer {
  static className = 'FusedDepthwiseConv2D';
  private readonly kernelSize: [height: number, width: number];
  private readonly strides: [height: number, width: number];
  private readonly padding: 'same' | 'valid';
  private filter: LayerVariable | undefined;

  constructor(args: FusedDepthwiseConv2DArgs) {
    const { depthwiseInitializer, depthwiseRegularizer, depthwiseConstraint, depthMultiplier = 1 } = args;
    const ofKernel = {
      kernelInitializer: depthwiseInitializer,
      kernelRegularizer: depthwiseRegularizer,
      kernelConstraint: depthwiseConstraint,
    };
    super({ ...args, ...ofKernel }, 'glorotNormal');
    this.kernelSize = pair(args.kernelSize);
    this.strides = pair(args.strides ?? 1);
    this.padding = args.padding ?? 'valid';
    requireRange(depthMultiplier === 1, 'fusedDepthwiseConv2D', 'depthMultiplier must be 1', depthMultiplier);
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = featureShape(inputShape)[3];
    requireRange(typeof channels === 'number', this.name, 'the channels of the input must be known', channels);
    const shape = [...this.kernelSize, channels!, 1];
    this.filter = this.addKernel('depthwise_kernel', shape);
    this.buildBias(channels!);
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const [x, residual] = [inputs].flat() as Tensor4D[];
      const { strides, padding } = this;
      const options = { ...this.epilogue, residual, strides, padding };
      return this.activated(depthwiseConv2D(x, this.filter!.read() as Tensor4D, options));
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, height, width, channels] = featureShape(inputShape);
    const known = [1, height ?? this.kernelSize[0], width ?? this.kernelSize[1], 1];
    const { outHeight, outWidth } = imageGeometry(known, this.kernelSize, this.strides, this.padding);
    return [batch, height === null ? null : outHeight, width === null ? null : outWidth, channels];
  }

  override getConfig(): serialization.ConfigDict {
    const { kernelInitializer, kernelRegularizer, kernelConstraint, ...config } = super.getConfig();
    return {
      ...config,
      kernelSize: this.kernelSize,
      strides: this.strides,
      padding: this.padding,
      depthwiseInitializer: kernelInitializer,
      depthwiseRegularizer: kernelRegularizer,
      depthwiseConstraint: kernelConstraint,
    };
  }
}

function pair(size: number | [height: number, width: number]): [height: number, width: number] {
  return typeof size === 'number' ? [size, size] : size;
}
