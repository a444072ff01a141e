import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import {
  env,
  getKernel,
  registerGradient,
  registerKernel,
  unregisterKernel,
  type DataType,
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
import { runInHostMemory } from './host-scope.js';
import { orderedOutputs } from './outputs.js';
import { runInTfjsMemory, type TfjsWasmBackend } from './wasm-scope.js';
import { webgpuScope, type TensorInfos } from './webgpu-scope.js';

/** Ops that are bound; a definition is bound once. */
const bound = new WeakSet<object>();

const plainKernelsFlag = 'SPARSE_PLAIN_KERNELS'; // of tf.env()

/** Says whether the cpu backend runs the plain kernels in place of the WASM kernels: for conformance. */
export function usePlainKernels(isPlain: boolean): void {
  env().registerFlag(plainKernelsFlag, () => false);
  env().set(plainKernelsFlag, isPlain);
}

/**
 * Binds the kernels and the gradient of `op` to tfjs' registry, on first use: of the ops that nothing in a page runs, a
 * bundler leaves the kernels out. On the cpu backend the WASM kernel runs, copying in and out (the plain kernel reaches a
 * fiftieth of its speed); the plain kernel is the fallback where WebAssembly SIMD is missing.
 */
export function bindOp<T extends OpTypes>(op: OpDefinition<T>): void {
  if (bound.has(op)) return;
  bound.add(op);
  registerOnCpu(op);
  register<TfjsWasmBackend, T>(op, 'wasm', (inputs, attrs, backend) => runInTfjsMemory(op, inputs, attrs, backend));
  register<WebGPUBackend, T>(op, 'webgpu', (inputs, attrs, backend) => {
    const outputs = op.kernels.webgpu(inputs as TensorInfos<T['inputs']>, attrs, webgpuScope(backend));
    return orderedOutputs(op, outputs as Record<string, TensorInfo>, ({ dtype }) => dtype);
  });
  registerGradientOf(op, op.gradient ?? { save: [], gradients: () => refuseGradient(op.name) });
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

/** The part of tfjs' cpu backend that the engine uses. */
interface TfjsCpuBackend {
  readSync(dataId: object): TypedArray;
  makeTensorInfo(shape: number[], dtype: DataType, values: TypedArray): TensorInfo;
}

function registerOnCpu<T extends OpTypes>(op: OpDefinition<T>): void {
  register<TfjsCpuBackend, T>(op, 'cpu', (inputs, attrs, backend) => {
    const hostInputs: Record<string, HostTensor<Dtype>> = {};
    for (const name in inputs) {
      const values = backend.readSync(inputs[name].dataId);
      hostInputs[name] = { shape: inputs[name].shape, values: arrayOf(op.inputs[name as keyof T['inputs']], values) };
    }
    const isPlain = !hasSimd() || env().getFlags()[plainKernelsFlag] === true;
    const outputs = (isPlain ? runPlainly : runInHostMemory)(op, hostInputs, attrs);
    return outputs.map(({ shape, values }) => backend.makeTensorInfo([...shape], dtypeOfArray(values), values));
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

/** tfjs' cpu backend keeps what it was given: some of its own kernels leave plain arrays. */
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
