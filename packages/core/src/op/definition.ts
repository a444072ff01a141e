import type { Tensor } from '@tensorflow/tfjs-core';
import type { WasmKernel } from './wasm-scope.js';
import type { WebgpuKernel } from './webgpu-kernel.js';

/** The element types that ops take and give. A bool is a byte on the host and in WASM, an i32 on webgpu, as in tfjs. */
export type Dtype = 'float32' | 'int32' | 'bool';

interface ArrayOf {
  readonly float32: Float32Array;
  readonly int32: Int32Array;
  readonly bool: Uint8Array;
}

/**
 * The types of one operation, which its kernels, its gradient and its callers share:
 *
 * ```ts
 * export interface TopK {
 *   inputs: { x: 'float32' }; // `mask?: 'bool'` would be an optional input, absent where the caller gives none
 *   outputs: { values: 'float32'; indices: 'int32' };
 *   attrs: { readonly k: number };
 * }
 * ```
 *
 * No input has the name of an output.
 */
export interface OpTypes {
  readonly inputs: object;
  readonly outputs: object;
  readonly attrs: object;
}

export type InputName<T extends OpTypes> = keyof T['inputs'] & string;
export type OutputName<T extends OpTypes> = keyof T['outputs'] & string;
export type DtypeOf<D> = Extract<D, Dtype>;

/** A tensor as the plain kernels see it: values in row-major order, nothing of tfjs. */
export interface HostTensor<D extends Dtype = 'float32'> {
  readonly shape: readonly number[];
  readonly values: ArrayOf[D];
}

export type HostTensors<Dtypes> = { readonly [Name in keyof Dtypes]: HostTensor<DtypeOf<Dtypes[Name]>> };

/** The readable specification of an op. */
export type CpuKernel<T extends OpTypes> = (
  inputs: HostTensors<T['inputs']>,
  attrs: T['attrs'],
) => HostTensors<T['outputs']>;

export interface Gradient<T extends OpTypes> {
  /** Inputs whose values `gradients` reads; no optional ones. */
  readonly save: readonly InputName<T>[];
  /** Outputs whose values `gradients` reads, which tfjs copies on the wasm backend; default none. */
  readonly saveOutputs?: readonly OutputName<T>[];
  /**
   * @param dy    by output; zeros where nothing asked for an output's gradient
   * @param saved those of `save` and `saveOutputs`
   */
  readonly gradients: (
    dy: Readonly<Record<OutputName<T>, Tensor>>,
    saved: Readonly<Record<InputName<T> | OutputName<T>, Tensor>>,
    attrs: T['attrs'],
  ) => Partial<Record<InputName<T>, () => Tensor>>;
}

/** One operation: its name, the dtypes of its inputs and outputs in order, three kernels and its gradient. */
export interface OpDefinition<T extends OpTypes> {
  /** Kernel name in tfjs' registry, e.g. `SparseMapConvolution`. */
  readonly name: string;
  readonly inputs: { readonly [Name in keyof T['inputs']]-?: DtypeOf<T['inputs'][Name]> };
  readonly outputs: { readonly [Name in keyof T['outputs']]: DtypeOf<T['outputs'][Name]> };
  readonly kernels: {
    readonly cpu: CpuKernel<T>;
    readonly wasm: WasmKernel<T>;
    readonly webgpu: WebgpuKernel<T>;
  };
  readonly gradient?: Gradient<T>;
  /** Host tables that the webgpu kernel reads, made resident before it runs; default none. */
  readonly tables?: (attrs: T['attrs']) => readonly Int32Array[];
}
