import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { requireRange } from '../errors.js';
import { deviceCopy } from './tables.js';
import { workgroupThreads, type GpuExtension, type GpuProgram, type WebgpuScope } from './webgpu-kernel.js';

const mostWorkgroups = 65535; // of one dimension of a dispatch: what every adapter has

/** How programs with extensions run on a device that has some. */
interface ExtendedDevice {
  readonly extensions: readonly GpuExtension[];
  readonly run: (backend: WebGPUBackend, program: GpuProgram) => TensorInfo;
}

/** The devices of `enableExtendedDevice`; who does not call it does not load its code. */
export const extended = new WeakMap<GPUDevice, ExtendedDevice>();

export function webgpuScope(backend: WebGPUBackend): WebgpuScope {
  return {
    run(program) {
      const isCast = (info: TensorInfo) =>
        info.dtype === 'float32' && backend.tensorMap.get(info.dataId).dtype !== 'float32';
      if (!Object.values(program.inputs).some(isCast)) return run(backend, program);
      const casts: TensorInfo[] = [];
      const inputs = Object.entries(program.inputs).map(([name, info]) => {
        if (!isCast(info)) return [name, info] as const;
        casts.push(run(backend, floatsOf(info)));
        return [name, casts[casts.length - 1]] as const;
      });
      const result = run(backend, { ...program, inputs: Object.fromEntries(inputs) });
      for (const { dataId } of casts) backend.disposeData(dataId);
      return result;
    },
    table: (values) => residentTable(backend, values),
    zeros: (shape, dtype = 'float32') =>
      backend.makeTensorInfo([...shape], dtype, util.makeZerosTypedArray(util.sizeFromShape([...shape]), dtype)),
    workgroupBytes: backend.device.limits.maxComputeWorkgroupStorageSize,
    extensions: extended.get(backend.device)?.extensions ?? [],
    dispose: (info) => void backend.disposeData(info.dataId),
  };
}

function run(backend: WebGPUBackend, program: GpuProgram): TensorInfo {
  requireBindable(backend, program);
  if (program.extensions?.length) return extended.get(backend.device)!.run(backend, program);
  const { inputs, outputDtype = 'float32' } = program;
  const uniforms = Object.values(program.uniforms ?? {}).map((uniform) =>
    typeof uniform === 'number' ? { type: 'int32', data: [uniform] } : { type: 'float32', data: [uniform.float] },
  );
  return backend.runWebGPUProgram(webgpuProgram(program), Object.values(inputs).map(flat), outputDtype, uniforms);
}

/** tfjs' cast of integers to float32 leaves them in the buffer as they are; what its own programs read, they convert. */
function floatsOf(integers: TensorInfo): GpuProgram {
  return {
    key: 'floatsOf',
    outputShape: integers.shape,
    inputs: { integers },
    code: () => /* wgsl */ `
    // One thread per element.
    fn main(index : i32) {
      if (index < uniforms.size) { result[index] = f32(integers[index]); }
    }`,
  };
}

/** tfjs compiles a program again for other ranks of its inputs, and for a shape equal to the output's. */
function flat({ dataId, dtype, shape }: TensorInfo): TensorInfo {
  return { dataId, dtype, shape: [util.sizeFromShape(shape)] };
}

/** WebGPU would leave the output of a program with a larger buffer undefined. */
function requireBindable(backend: WebGPUBackend, { key, outputShape, inputs }: GpuProgram): void {
  const shapes = [outputShape, ...Object.values(inputs).map(({ shape }) => shape)];
  const sizes = shapes.map((shape) => util.sizeFromShape([...shape]));
  requireBytes(backend, key.split(' ')[0], Math.max(...sizes) * Float32Array.BYTES_PER_ELEMENT);
}

function requireBytes(backend: WebGPUBackend, what: string, bytes: number): void {
  const most = backend.device.limits.maxStorageBufferBindingSize;
  requireRange(bytes <= most, what, `a tensor or table must have at most ${most} bytes on this device`, bytes);
}

/** The copy of a host table on the device, uploaded on first use. */
export function residentTable(backend: WebGPUBackend, values: Int32Array): TensorInfo {
  requireBytes(backend, 'webgpu', values.byteLength);
  return deviceCopy(values, backend, copyOfTable);
}

function copyOfTable(values: Int32Array, backend: WebGPUBackend): { value: TensorInfo; free: () => void } {
  // A buffer of 0 bytes cannot be bound, so an empty table holds one unread element.
  const uploaded = values.length > 0 ? values : new Int32Array(1);
  const info = backend.makeTensorInfo([uploaded.length], 'int32', uploaded);
  backend.uploadToGPU(info.dataId);
  backend.tensorMap.get(info.dataId).values = nothing; // else tfjs would hold the table, which would never be collected
  return { value: info, free: () => void backend.disposeData(info.dataId) };
}

const nothing = new Int32Array(0);

function webgpuProgram(program: GpuProgram): WebGPUProgram {
  const outputShape = [...program.outputShape];
  const variableNames = Object.keys(program.inputs);
  const components = (name: string) => (program.vectors?.includes(name) ? 4 : 1);
  return {
    shaderKey: program.key,
    outputShape,
    variableNames,
    variableComponents: variableNames.map(components),
    outputComponent: components('result'),
    uniforms: uniformMembers(program),
    workgroupSize: [workgroupThreads, 1, 1],
    dispatchLayout: { x: outputShape.map((_, axis) => axis) },
    dispatch: dispatchOf(program),
    size: true,
    getUserCode: program.code,
  };
}

/** The members of the struct of uniforms in WGSL. */
export function uniformMembers({ uniforms = {} }: GpuProgram): string {
  return Object.entries(uniforms)
    .map(([name, uniform]) => `${name} : ${typeof uniform === 'number' ? 'i32' : 'f32'},`)
    .join(' ');
}

/** Workgroups in x, y and z. */
export function dispatchOf({ threads, outputShape }: GpuProgram): [number, number, number] {
  const workgroups = Math.ceil((threads ?? util.sizeFromShape([...outputShape])) / workgroupThreads);
  const rows = Math.max(Math.ceil(workgroups / mostWorkgroups), 1);
  return [Math.ceil(workgroups / rows), rows, 1];
}
