import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import {
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
import { hasSimd } from '../wasm/features.js';
import type { HostTensor, OpDefinition } from './definition.js';
import { runInHostMemory } from './host-scope.js';
import { runInTfjsMemory, type TfjsWasmBackend } from './wasm-scope.js';
import { webgpuScope } from './webgpu-scope.js';

/**
 * Binds the kernels and the gradient of `op` to tfjs' registry, for backends that are registered already and for
 * those that come later. On the cpu backend the WASM kernel runs, copying in and out (the plain kernel reaches a
 * fiftieth of its speed); the plain kernel is the fallback where WebAssembly SIMD is missing. An op of core is registered
 * by every plugin that uses it; the last time counts.
 */
export function registerOp<I extends string, A extends object>(op: OpDefinition<I, A>): void {
  registerOnCpu(op, hasSimd() ? (inputs, attrs) => runInHostMemory(op.kernels.wasm, inputs, attrs) : op.kernels.cpu);
  register<TfjsWasmBackend, A>(op.name, 'wasm', (inputs, attrs, backend) =>
    runInTfjsMemory(op.kernels.wasm, inputs, attrs, backend),
  );
  register<WebGPUBackend, A>(op.name, 'webgpu', (inputs, attrs, backend) =>
    op.kernels.webgpu(inputs as Record<I, TensorInfo>, attrs, webgpuScope(backend)),
  );
  const { gradient } = op;
  if (!gradient) return;
  registerGradient({
    kernelName: op.name,
    inputsToSave: [...gradient.save],
    outputsToSave: gradient.saveOutput ? [true] : [],
    gradFunc: (dy, saved, attrs) =>
      gradient.gradients(dy as Tensor, saved, attrs as unknown as A) as Record<string, () => Tensor>,
  });
}

/** Puts the plain specification kernel of `op` on the cpu backend, in place of the WASM kernel: for conformance. */
export function registerPlainKernel<I extends string, A extends object>(op: OpDefinition<I, A>): void {
  registerOnCpu(op, op.kernels.cpu);
}

/** The part of tfjs' cpu backend that the engine uses. */
interface TfjsCpuBackend {
  readSync(dataId: object): TypedArray;
  makeTensorInfo(shape: number[], dtype: DataType, values: TypedArray): TensorInfo;
}

function registerOnCpu<I extends string, A extends object>(
  op: OpDefinition<I, A>,
  kernel: (inputs: Record<I, HostTensor>, attrs: A) => HostTensor,
): void {
  register<TfjsCpuBackend, A>(op.name, 'cpu', (inputs, attrs, backend) => {
    const hostInputs = {} as Record<I, HostTensor>;
    for (const name in inputs) {
      const { shape, dataId } = inputs[name];
      const values = backend.readSync(dataId);
      hostInputs[name as I] = { shape, values: values instanceof Float32Array ? values : Float32Array.from(values) };
    }
    const { shape, values } = kernel(hostInputs, attrs);
    return backend.makeTensorInfo([...shape], 'float32', values);
  });
}

function register<B, A>(
  kernelName: string,
  backendName: string,
  kernel: (inputs: Record<string, TensorInfo>, attrs: A, backend: B) => TensorInfo,
): void {
  const kernelFunc: KernelConfig['kernelFunc'] = ({ inputs, attrs, backend }) =>
    kernel(inputs as Record<string, TensorInfo>, attrs as NamedAttrMap & A, backend as KernelBackend as unknown as B);
  if (getKernel(kernelName, backendName)) unregisterKernel(kernelName, backendName);
  registerKernel({ kernelName, backendName, kernelFunc });
}
