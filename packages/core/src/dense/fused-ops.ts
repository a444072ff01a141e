import { reshape, zeros, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Gradient, InputName, OpDefinition, OpTypes, OutputName } from '../op/definition.js';
import { runOp } from '../op/run.js';
import { clampGradient } from './clamp-gradient/definition.js';
import { columnSums } from './column-sums/definition.js';
import type { FusedActivation } from './epilogue.js';

/** The types of a product with an epilogue. */
export interface FusedTypes extends OpTypes {
  readonly inputs: { readonly bias?: 'float32'; readonly residual?: 'float32' };
  readonly outputs: { readonly y: 'float32' };
  readonly attrs: { readonly activation: FusedActivation };
}

export interface FusedOps<T extends FusedTypes> {
  readonly linear: OpDefinition<T>;
  /** Apart because its gradient keeps the output, which tfjs copies on the wasm backend. */
  readonly activated: OpDefinition<T>;
}

/** A product with an epilogue, without its names and the gradients of bias and residual. */
export interface FusedDefinition<T extends FusedTypes> extends Omit<OpDefinition<T>, 'name' | 'gradient'> {
  /** Names in tfjs' registry. */
  readonly names: { readonly linear: string; readonly activated: string };
  readonly gradient: {
    readonly save: readonly InputName<T>[];
    /** @param dySums the gradient of the sums before the epilogue */
    readonly gradients: (
      dySums: Tensor,
      saved: Readonly<Record<InputName<T>, Tensor>>,
      attrs: T['attrs'],
    ) => Partial<Record<InputName<T>, () => Tensor>>;
  };
}

/** The two ops of a product with an epilogue, which share everything but what their gradients keep. */
export function fusedOps<T extends FusedTypes>({ names, gradient, ...rest }: FusedDefinition<T>): FusedOps<T> {
  const gradients: Gradient<T>['gradients'] = (dy, saved, attrs) => {
    const { y: dyOfOutput } = dy as Record<'y', Tensor>;
    const { activation } = attrs;
    const { y } = saved as Record<'y', Tensor>;
    const dySums = activation === 'linear' ? dyOfOutput : clampGradient(dyOfOutput, y, activation);
    // Not dySums itself, which tfjs would dispose of; tfjs' clone copies on the wasm backend.
    const ofEpilogue = { bias: () => biasGradient(dySums), residual: () => reshape(dySums, dySums.shape) };
    return { ...ofEpilogue, ...gradient.gradients(dySums, saved, attrs) } as ReturnType<Gradient<T>['gradients']>;
  };
  const { save } = gradient;
  return {
    linear: { ...rest, name: names.linear, gradient: { save, gradients } },
    activated: {
      ...rest,
      name: names.activated,
      gradient: { save, saveOutputs: ['y' as OutputName<T>], gradients },
    },
  };
}

/** Runs the op of the pair that the activation asks for. */
export function runFused<T extends FusedTypes>(
  { linear, activated }: FusedOps<T>,
  inputs: { readonly [Name in keyof T['inputs']]: Tensor },
  attrs: T['attrs'],
): Tensor {
  const outputs: Record<'y', Tensor> = runOp(attrs.activation === 'linear' ? linear : activated, inputs, attrs);
  return outputs.y;
}

/** `[outChannels]`: what dy of the sums `[..., outChannels]` adds up to. */
function biasGradient(dySums: Tensor): Tensor {
  const [channels] = dySums.shape.slice(-1);
  if (dySums.size === 0) return zeros([channels]);
  return columnSums(reshape(dySums, [dySums.size / channels, channels]) as Tensor2D);
}
