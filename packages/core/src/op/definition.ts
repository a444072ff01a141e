import type { Tensor } from '@tensorflow/tfjs-core';
import type { WasmKernel } from './wasm-scope.js';
import type { WebgpuKernel } from './webgpu-scope.js';

/** A float32 tensor as the plain kernels see it: values in row-major order, nothing of tfjs. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The readable specification of an op. Optional inputs are absent from `inputs`. */
export type CpuKernel<I extends string, A> = (inputs: Readonly<Record<I, HostTensor>>, attrs: A) => HostTensor;

export interface Gradient<I extends string, A> {
  /** Inputs whose values `gradients` reads, in the order in which it gets them. */
  readonly save: readonly I[];
  /** Also hands the output to `gradients`, as the last saved tensor. */
  readonly saveOutput?: boolean;
  readonly gradients: (dy: Tensor, saved: readonly Tensor[], attrs: A) => Partial<Record<I, () => Tensor>>;
}

/**
 * One operation: its name, three kernels and its gradient. `I` names the tensor inputs, `A` is the plain object of
 * everything else. An op has one float32 output; what would have several is several ops.
 */
export interface OpDefinition<I extends string, A extends object> {
  /** Kernel name in tfjs' registry, e.g. `SparseMapConvolution`. */
  readonly name: string;
  readonly kernels: {
    readonly cpu: CpuKernel<I, A>;
    readonly wasm: WasmKernel<I, A>;
    readonly webgpu: WebgpuKernel<I, A>;
  };
  readonly gradient?: Gradient<I, A>;
  /** Host tables that the webgpu kernel reads. They are made resident before the kernel runs and stay so. */
  readonly tables?: (attrs: A) => readonly Int32Array[];
}
