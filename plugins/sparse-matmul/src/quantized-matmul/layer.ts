import { tensor1d, tidy, type serialization, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import type { layers, LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import { hostValues, requireRange } from '@tfjs-sparse/core';
import {
  featureShape,
  fusedArgsOf,
  FusedLayer,
  initializerOf,
  withoutKernel,
  type FusedArgs,
  type KernelSetting,
  type LayerReplacement,
} from '@tfjs-sparse/layers';
import { decodePattern, encodePattern } from '../pattern/stored-pattern.js';
import { quantizedMatMul } from './op.js';
import { quantizeWeights, type QuantizeOptions } from './quantize.js';
import { QuantizedWeights, requireQuantization, type Bits, type GroupSize } from './quantized-weights.js';

/** There is no kernel that an initializer or regularizer could have to do with. */
export interface QuantizedSparseDenseArgs extends Omit<FusedArgs, KernelSetting> {
  /** Outputs. */
  units: number;
  /** Default 4. */
  bits?: Bits;
  /** Default 16. */
  groupSize?: GroupSize;
  /** Kept groups; default all. */
  groups?: number;
  /** Words of the encoded pattern of groups: what a saved layer says; default as many as all groups take. */
  patternWords?: number;
}

/**
 * tf.layers.dense with weights in quantised groups: `activation(x * W + bias)` on the last axis. Its weights are `scales`
 * and `zeros` `[groups]` and `bias` `[units]`, which train, and `codes` (see QuantizedWeights) and `pattern` (see
 * encodePattern), int32 words that do not. Made from a dense layer by `quantizedReplacement`; a new one is all zeros.
 * With `[x, residual]` as its inputs, a residual in the shape of the output is added before the activation.
 */
export class QuantizedSparseDense extends FusedLayer {
  static className = 'QuantizedSparseDense';
  private readonly size: Required<Pick<QuantizedSparseDenseArgs, 'units' | 'bits' | 'groupSize'>>;
  private groups: number | undefined;
  private patternWords: number | undefined;
  private inFeatures = 0;
  private stored: Record<'scales' | 'zeros' | 'codes' | 'pattern', LayerVariable> | undefined;
  private decoded: { readonly codes: object; readonly pattern: object; readonly weights: QuantizedWeights } | undefined;

  constructor(args: QuantizedSparseDenseArgs) {
    super(args);
    this.supportsMasking = true; // as tf.layers.dense
    const { units, bits = 4, groupSize = 16 } = args;
    requireRange(units >= 1, 'quantizedSparseDense', 'units must be at least 1', units);
    requireQuantization('quantizedSparseDense', bits, groupSize);
    this.size = { units, bits, groupSize };
    this.groups = args.groups;
    this.patternWords = args.patternWords;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = featureShape(inputShape);
    const inFeatures = shape[shape.length - 1];
    requireRange(typeof inFeatures === 'number', this.name, 'the last axis of the input must be known', inFeatures);
    const { units, bits, groupSize } = this.size;
    this.inFeatures = inFeatures!;
    this.groups ??= Math.ceil(inFeatures! / groupSize) * units;
    this.patternWords ??= Math.ceil(this.groups / 4);
    const weight = (name: string, length: number, dtype: 'float32' | 'int32') =>
      this.addWeight(name, [length], dtype, initializerOf('zeros'), undefined, dtype === 'float32');
    const scales = weight('scales', this.groups, 'float32');
    const zeros = weight('zeros', this.groups, 'float32');
    this.buildBias(units);
    const codes = weight('codes', (this.groups * groupSize * bits) / 32, 'int32');
    this.stored = { scales, zeros, codes, pattern: weight('pattern', this.patternWords, 'int32') };
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const [x, residual] = [inputs].flat();
      const [scales, zeros] = [this.stored!.scales.read() as Tensor1D, this.stored!.zeros.read() as Tensor1D];
      return this.activated(quantizedMatMul(x, scales, zeros, this.quantized(), { ...this.epilogue, residual }));
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [...featureShape(inputShape).slice(0, -1), this.size.units];
  }

  override getConfig(): serialization.ConfigDict {
    const { size, groups, patternWords } = this;
    return { ...withoutKernel(super.getConfig()), ...size, groups, patternWords } as serialization.ConfigDict;
  }

  /** The codes and the pattern, read once. */
  private quantized(): QuantizedWeights {
    const [codes, words] = [this.stored!.codes.read(), this.stored!.pattern.read()];
    if (this.decoded?.codes !== codes.dataId || this.decoded.pattern !== words.dataId) {
      const { units, bits, groupSize } = this.size;
      const shape = { inFeatures: Math.ceil(this.inFeatures / groupSize), outFeatures: units };
      const groups = decodePattern(hostValues(words, this.name, 'pattern'), this.groups!, shape);
      const weights = new QuantizedWeights({
        inFeatures: this.inFeatures,
        outFeatures: units,
        bits,
        groupSize,
        groups,
        codes: hostValues(codes, this.name, 'codes'),
      });
      this.decoded = { codes: codes.dataId, pattern: words.dataId, weights };
    }
    return this.decoded.weights;
  }
}

/**
 * The layer in place of a dense layer, its weights quantised as `options` say; for `strip` of packages/training:
 * `strip(model, {replace: quantizedReplacement({bits: 4})})`. Gives undefined for other layers.
 */
export function quantizedReplacement(options: QuantizeOptions = {}) {
  return async (layer: layers.Layer): Promise<LayerReplacement | undefined> => {
    if (layer.getClassName() !== 'Dense') return undefined;
    const [kernel, bias] = layer.getWeights();
    const { weights, scales, zeros } = quantizeWeights(await kernel.data(), kernel.shape as [number, number], options);
    const words = encodePattern(weights.groups);
    const replacement = new QuantizedSparseDense({
      ...withoutKernel(fusedArgsOf(layer)),
      units: layer.getConfig().units as number,
      bits: weights.bits,
      groupSize: weights.groupSize,
      groups: weights.groupCount,
      patternWords: words.length,
    });
    const integers = [tensor1d(weights.codes, 'int32'), tensor1d(words, 'int32')];
    const floats = [tensor1d(scales), tensor1d(zeros), ...(bias ? [bias.clone()] : [])];
    // In the order of Layer.weights: those that train, then the others.
    return { layer: replacement, weights: [...floats, ...integers] };
  };
}
