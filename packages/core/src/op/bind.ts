import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import {
  engine,
  env,
  getKernel,
  registerGradient,
  registerKernel,
  unregisterKernel,
  type DataId,
  type KernelBackend,
  type KernelConfig,
  type NamedAttrMap,
  type Tensor,
  type TensorInfo,
  type TypedArray,
} from '@tensorflow/tfjs-core';
import { violation } from '../errors.js';
import { hasSimd } from '../wasm/features.js';
import type { Dtype, HostTensor, HostTensors, InputName, OpDefinition, OpTypes, OutputName } from './definition.js';
import { hintAtFasterBackends } from './faster-backends.js';
import { runInHostMemory } from './host-scope.js';
import { orderedOutputs } from './outputs.js';
import { runInTfjsMemory, type TfjsWasmBackend } from './wasm-scope.js';
import type { TensorInfos } from './webgpu-kernel.js';
import { webgpuScope } from './webgpu-scope.js';

/** The backends on which an op is bound. */
const bound = new WeakMap<object, Set<string>>();

const plainKernelsFlag = 'SPARSE_PLAIN_KERNELS'; // of tf.env()

/** Says whether the cpu backend runs the plain kernels in place of the WASM kernels: for conformance. */
export function usePlainKernels(isPlain: boolean): void {
  env().registerFlag(plainKernelsFlag, () => false);
  env().set(plainKernelsFlag, isPlain);
}

/**
 * Binds the gradient of `op` and its kernel for a backend, the active one, to tfjs' registry, on first use: of the ops that nothing
 * in a page runs, a bundler leaves the kernels out. tfjs' wasm and webgpu backends have kernels of their own. Every other
 * backend (cpu; webgl, tfjs' default in a page) runs the WASM kernel, copying in and out; where WebAssembly SIMD is missing,
 * the plain kernel, which reaches a fiftieth of its speed.
 */
export function bindOp<T extends OpTypes>(op: OpDefinition<T>, backendName = engine().backendName): void {
  let backends = bound.get(op);
  if (!backends) {
    bound.set(op, (backends = new Set()));
    registerGradientOf(op, op.gradient ?? { save: [], gradients: () => refuseGradient(op.name) });
  }
  if (backends.has(backendName)) return;
  backends.add(backendName);
  bindTo(backendName, op);
}

function bindTo<T extends OpTypes>(backendName: string, op: OpDefinition<T>): void {
  if (backendName === 'wasm') {
    register<TfjsWasmBackend, T>(op, backendName, (inputs, attrs, backend) =>
      runInTfjsMemory(op, inputs, attrs, backend),
    );
  } else if (backendName === 'webgpu') {
    register<WebGPUBackend, T>(op, backendName, (inputs, attrs, backend) => {
      const outputs = op.kernels.webgpu(inputs as TensorInfos<T['inputs']>, attrs, webgpuScope(backend));
      return orderedOutputs(op, outputs as Record<string, TensorInfo>, ({ dtype }) => dtype);
    });
  } else {
    register<KernelBackend, T>(op, backendName, (inputs, attrs, backend) =>
      runByCopies(op, inputs, attrs, backend, backendName),
    );
  }
}

/** Where a second derivative goes through the kernel of a gradient; tfjs would name the kernel and not the reason. */
function refuseGradient(name: string): never {
  const rule = 'a gradient must be defined for a (second) derivative to go through it';
  throw new Error(violation(name, rule, 'none'));
}

function registerGradientOf<T extends OpTypes>(
  { name, outputs }: OpDefinition<T>,
  { save, saveOutputs = [], gradients }: NonNullable<OpDefinition<T>['gradient']>,
): void {
  const outputNames = Object.keys(outputs);
  const isSaved = outputNames.map((output) => (saveOutputs as readonly string[]).includes(output));
  const savedNames = [...save, ...outputNames.filter((_, i) => isSaved[i])];
  registerGradient({
    kernelName: name,
    inputsToSave: [...save],
    outputsToSave: isSaved,
    gradFunc: (dy, saved, attrs) => {
      const dyOf = named<OutputName<T>>(outputNames, [dy].flat());
      const gradientOf = gradients(
        dyOf,
        named<InputName<T> | OutputName<T>>(savedNames, saved),
        attrs as NamedAttrMap & T['attrs'],
      );
      return gradientOf as Record<string, () => Tensor>;
    },
  });
}

function named<Name extends string>(names: readonly string[], tensors: readonly Tensor[]): Record<Name, Tensor> {
  return Object.fromEntries(names.map((name, i) => [name, tensors[i]])) as Record<Name, Tensor>;
}

/** On a backend that can read its tensors at once and make new ones, which every backend but webgpu can. */
function runByCopies<T extends OpTypes>(
  op: OpDefinition<T>,
  inputs: Readonly<Record<string, TensorInfo>>,
  attrs: T['attrs'],
  backend: KernelBackend,
  backendName: string,
): TensorInfo[] {
  if (backendName !== 'cpu') hintAtFasterBackends(backendName);
  const hostInputs: Record<string, HostTensor<Dtype>> = {};
  for (const name in inputs) {
    const values = backend.readSync(inputs[name].dataId) as TypedArray;
    hostInputs[name] = { shape: inputs[name].shape, values: arrayOf(op.inputs[name as keyof T['inputs']], values) };
  }
  const isPlain = !hasSimd() || env().getFlags()[plainKernelsFlag] === true;
  const outputs = (isPlain ? runPlainly : runInHostMemory)(op, hostInputs, attrs);
  return outputs.map(({ shape, values }) => {
    const dtype = dtypeOfArray(values);
    return { dataId: backend.write(values, [...shape], dtype) as DataId, shape: [...shape], dtype };
  });
}

function runPlainly<T extends OpTypes>(
  op: OpDefinition<T>,
  inputs: Readonly<Record<string, HostTensor<Dtype>>>,
  attrs: T['attrs'],
): HostTensor<Dtype>[] {
  const outputs = op.kernels.cpu(inputs as HostTensors<T['inputs']>, attrs);
  return orderedOutputs(op, outputs as Record<string, HostTensor<Dtype>>, ({ values }) => dtypeOfArray(values));
}

/** Backends read bools and integers as what they please, and tfjs' cpu backend keeps plain arrays that it was given. */
function arrayOf(dtype: Dtype, values: TypedArray): HostTensor<Dtype>['values'] {
  if (dtype === 'float32') return values instanceof Float32Array ? values : Float32Array.from(values);
  if (dtype === 'int32') return values instanceof Int32Array ? values : Int32Array.from(values);
  return values instanceof Uint8Array ? values : Uint8Array.from(values);
}

function dtypeOfArray(values: HostTensor<Dtype>['values']): Dtype {
  if (values instanceof Float32Array) return 'float32';
  return values instanceof Int32Array ? 'int32' : 'bool';
}

function register<B, T extends OpTypes>(
  { name: kernelName }: OpDefinition<T>,
  backendName: string,
  kernel: (inputs: Record<string, TensorInfo>, attrs: T['attrs'], backend: B) => TensorInfo[],
): void {
  const kernelFunc: KernelConfig['kernelFunc'] = ({ inputs, attrs, backend }) =>
    kernel(inputs as Record<string, TensorInfo>, attrs as NamedAttrMap, backend as KernelBackend & B);
  if (getKernel(kernelName, backendName)) unregisterKernel(kernelName, backendName);
  registerKernel({ kernelName, backendName, kernelFunc });
}
