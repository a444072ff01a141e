import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Dtype, OpTypes } from './definition.js';

// What kernels see: no types of tfjs' webgpu backend, which who compiles against this package need not have.

/** What WGSL may enable on the device of `enableExtendedDevice`. */
export type GpuExtension = 'f16' | 'subgroups';

/**
 * A compute shader with one output. `code` defines `fn main(index : i32)`, called at least once per `index` below
 * `threads`; the calls of a workgroup of `workgroupThreads` have `index` in a row, so `index / 64` names the workgroup.
 */
export interface GpuProgram {
  /** Names the shader; must differ for every difference in `code`, `vectors` and the names and types of the rest. */
  readonly key: string;
  readonly outputShape: readonly number[];
  /** Type of `result`, which `code` writes; default float32. */
  readonly outputDtype?: Dtype;
  /** What `code` reads, by the names that it has there: `array<f32>`, or `array<i32>` for int32, bool and tables. */
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  /** Inputs that `code` reads as `array<vec4<f32>>`, and 'result' if it writes so; their last axes are multiples of 4. */
  readonly vectors?: readonly string[];
  /** What `code` reads as `uniforms.<name>`; a number is an i32. `uniforms.size` is the length of `result`. */
  readonly uniforms?: Readonly<Record<string, number | FloatUniform>>;
  /** Called when no pipeline has the key. */
  readonly code: () => string;
  /** Extensions that `code` needs; such a program reads no `uniforms.size`. */
  readonly extensions?: readonly GpuExtension[];
  /** Invocations; default one per output element. */
  readonly threads?: number;
}

export interface FloatUniform {
  readonly float: number;
}

/** An f32 among uniforms. */
export function f32(float: number): FloatUniform {
  return { float };
}

/** What a webgpu kernel may use. */
export interface WebgpuScope {
  /** Runs `program`. Every element of the output must be written: tfjs recycles buffers without clearing them. */
  run(program: GpuProgram): TensorInfo;
  /** A resident host table as an int32 input; it must be among the op's `tables`. */
  table(values: Int32Array): TensorInfo;
  /** float32 unless said */
  zeros(shape: readonly number[], dtype?: Dtype): TensorInfo;
  /** Bytes of workgroup memory that a program may use; at least 16,384. */
  readonly workgroupBytes: number;
  /** What a program may name as its extensions; none on a device of tfjs' own. */
  readonly extensions: readonly GpuExtension[];
  /** Frees an intermediate result. */
  dispose(info: TensorInfo): void;
}

export type TensorInfos<Dtypes> = { readonly [Name in keyof Dtypes]: TensorInfo };

export type WebgpuKernel<T extends OpTypes> = (
  inputs: TensorInfos<T['inputs']>,
  attrs: T['attrs'],
  gpu: WebgpuScope,
) => TensorInfos<T['outputs']>;

/** Invocations per workgroup. */
export const workgroupThreads = 64; // fits every adapter's default limit of 256 invocations
