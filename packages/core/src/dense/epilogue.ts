import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { requireRange, requireType } from '../errors.js';
import { requireReadable } from '../op/host-values.js';

/** Activations that an op can apply to its sums in the same pass. NaN stays NaN. */
export type FusedActivation = 'linear' | 'relu' | 'relu6';

/** What a product does to its sums in the same pass over the output: `activation(sums + bias + residual)`. */
export interface Epilogue<T extends Tensor = Tensor> {
  /** float32 `[outChannels]`; default none. */
  readonly bias?: Tensor1D;
  /** float32 in the shape of the output; default none. */
  readonly residual?: T;
  /** Default 'linear'. */
  readonly activation?: FusedActivation;
}

const limits: Readonly<Record<FusedActivation, readonly [low: number, high: number]>> = {
  linear: [-Infinity, Infinity],
  relu: [0, Infinity],
  relu6: [0, 6],
};

const codes: Readonly<Record<FusedActivation, number>> = { linear: 0, relu: 1, relu6: 2 };

export function isFusedActivation(name: string): name is FusedActivation {
  return Object.hasOwn(limits, name);
}

/** An activation as the range to which it clamps. */
export function limitsOf(activation: FusedActivation): readonly [low: number, high: number] {
  return limits[activation];
}

/** `value` as the activation leaves it. */
export function clamp(value: number, [low, high]: readonly [low: number, high: number]): number {
  return Math.min(Math.max(value, low), high);
}

/** The uniform that `activateCode` reads. A uniform, because every variant of a shader takes its time to compile. */
export function activationUniform(activation: FusedActivation): { readonly activation: number } {
  return { activation: codes[activation] };
}

/** WGSL: `activated(sums)` for numbers or vectors; NaN stays, which WGSL's clamp does not promise. */
export function activateCode(type: 'f32' | 'vec4<f32>'): string {
  return /* wgsl */ `
    fn activated(sums : ${type}) -> ${type} {
      var values = sums;
      if (uniforms.activation > 0) { values = select(values, ${type}(0.0), values < ${type}(0.0)); }
      if (uniforms.activation > 1) { values = select(values, ${type}(6.0), values > ${type}(6.0)); }
      return values;
    }`;
}

/** What an op calls its epilogue's bias and activation. */
export interface EpilogueRoles {
  readonly bias: string;
  readonly activation: string;
}

/** @throws RangeError or TypeError unless `epilogue` fits an output of `shape`, Error where it is on webgpu and the op is not */
export function requireEpilogue(
  op: string,
  { bias, residual, activation }: Epilogue,
  shape: readonly number[],
  roles: EpilogueRoles = { bias: 'bias', activation: 'activation' },
): void {
  if (bias) {
    const channels = shape[shape.length - 1];
    const isFitting = bias.rank === 1 && bias.shape[0] === channels;
    requireRange(isFitting, op, `${roles.bias} must have shape [${channels}] (the output channels)`, bias.shape);
    requireType(bias.dtype === 'float32', op, `${roles.bias} must be float32`, bias.dtype);
    requireReadable(op, roles.bias, bias);
  }
  if (residual) {
    const isFitting = String(residual.shape) === String(shape);
    requireRange(isFitting, op, `residual must have shape [${shape.join(', ')}] (as the output)`, residual.shape);
    requireType(residual.dtype === 'float32', op, 'residual must be float32', residual.dtype);
    requireReadable(op, 'residual', residual);
  }
  const isActivation = activation === undefined || isFusedActivation(activation);
  requireRange(isActivation, op, `${roles.activation} must be 'linear', 'relu' or 'relu6'`, activation);
}
