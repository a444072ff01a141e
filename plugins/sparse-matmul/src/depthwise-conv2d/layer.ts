import { tidy, type serialization, type Tensor, type Tensor1D, type Tensor4D } from '@tensorflow/tfjs-core';
import { layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { isFusedActivation, requireRange } from '@tfjs-sparse/core';
import {
  activationOf,
  featureShape,
  initializerOf,
  regularizerOf,
  serialized,
  type Activation,
  type Identifier,
  type Initializer,
  type LayerArgs,
  type Regularizer,
} from '@tfjs-sparse/layers';
import { imageGeometry } from '../image-geometry.js';
import { depthwiseConv2D } from './op.js';

export interface FusedDepthwiseConv2DArgs extends LayerArgs {
  /** Of the filter, for both axes or each. */
  kernelSize: number | [height: number, width: number];
  /** Default 1. */
  strides?: number | [height: number, width: number];
  /** Default 'valid'. */
  padding?: 'same' | 'valid';
  /** Only 1, the default, is supported. */
  depthMultiplier?: number;
  /** Default true. */
  useBias?: boolean;
  /** Any activation of tfjs; `relu` and `relu6` are fused. Default none. */
  activation?: Identifier<Activation>;
  /** Default `glorotNormal`. */
  depthwiseInitializer?: Identifier<Initializer>;
  /** Default `zeros`. */
  biasInitializer?: Identifier<Initializer>;
  /** Default none. */
  depthwiseRegularizer?: Identifier<Regularizer>;
}

/**
 * tf.layers.depthwiseConv2d with the kernels of `depthwiseConv2D`: what stands between layers with sparse weights. Its
 * filter is dense. Weights and their names are those of tf.layers.depthwiseConv2d. With `[x, residual]` as its inputs, a
 * residual in the shape of the output is added before the activation.
 */
export class FusedDepthwiseConv2D extends layers.Layer {
  static className = 'FusedDepthwiseConv2D';
  private readonly kernelSize: [height: number, width: number];
  private readonly strides: [height: number, width: number];
  private readonly padding: 'same' | 'valid';
  private readonly useBias: boolean;
  private readonly activation: Activation | null;
  private readonly depthwiseInitializer: Initializer;
  private readonly biasInitializer: Initializer;
  private readonly depthwiseRegularizer: Regularizer | undefined;
  private filter: LayerVariable | undefined;
  private bias: LayerVariable | undefined;

  constructor(args: FusedDepthwiseConv2DArgs) {
    super(args);
    this.kernelSize = pair(args.kernelSize);
    this.strides = pair(args.strides ?? 1);
    this.padding = args.padding ?? 'valid';
    const multiplier = args.depthMultiplier ?? 1;
    requireRange(multiplier === 1, 'fusedDepthwiseConv2D', 'depthMultiplier must be 1', multiplier);
    this.useBias = args.useBias ?? true;
    this.activation = activationOf(args.activation);
    this.depthwiseInitializer = initializerOf(args.depthwiseInitializer ?? 'glorotNormal');
    this.biasInitializer = initializerOf(args.biasInitializer ?? 'zeros');
    this.depthwiseRegularizer = regularizerOf(args.depthwiseRegularizer);
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = featureShape(inputShape)[3];
    requireRange(typeof channels === 'number', this.name, 'the channels of the input must be known', channels);
    const shape = [...this.kernelSize, channels!, 1];
    this.filter = this.addWeight(
      'depthwise_kernel',
      shape,
      'float32',
      this.depthwiseInitializer,
      this.depthwiseRegularizer,
    );
    if (this.useBias) this.bias = this.addWeight('bias', [channels!], 'float32', this.biasInitializer);
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const [x, residual] = [inputs].flat() as Tensor4D[];
      const name = this.activation?.getClassName() ?? 'linear';
      const isFused = isFusedActivation(name);
      const y = depthwiseConv2D(x, this.filter!.read() as Tensor4D, {
        strides: this.strides,
        padding: this.padding,
        bias: this.bias?.read() as Tensor1D | undefined,
        residual,
        activation: isFused ? name : 'linear',
      });
      return isFused ? y : this.activation!.apply(y);
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, height, width, channels] = featureShape(inputShape);
    const known = [1, height ?? this.kernelSize[0], width ?? this.kernelSize[1], 1];
    const { outHeight, outWidth } = imageGeometry(known, this.kernelSize, this.strides, this.padding);
    return [batch, height === null ? null : outHeight, width === null ? null : outWidth, channels];
  }

  override getConfig(): serialization.ConfigDict {
    return {
      ...super.getConfig(),
      kernelSize: this.kernelSize,
      strides: this.strides,
      padding: this.padding,
      useBias: this.useBias,
      activation: serialized(this.activation),
      depthwiseInitializer: serialized(this.depthwiseInitializer),
      biasInitializer: serialized(this.biasInitializer),
      depthwiseRegularizer: serialized(this.depthwiseRegularizer),
    };
  }
}

function pair(size: number | [height: number, width: number]): [height: number, width: number] {
  return typeof size === 'number' ? [size, size] : size;
}
