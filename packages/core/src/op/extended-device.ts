import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { engine, registerBackend, removeBackend, type KernelBackend } from '@tensorflow/tfjs-core';
import { requireRange } from '../errors.js';
import { runRawProgram } from './raw-program.js';
import { extended } from './webgpu-scope.js';

const features = ['timestamp-query', 'shader-f16', 'subgroups'] as readonly string[] as readonly GPUFeatureName[];

// Those that tfjs asks for, and the number of buffers.
const limits = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
  'maxStorageBuffersPerShaderStage',
] as const;

const priority = 3; // of tfjs' own webgpu backend

/**
 * Makes tfjs' webgpu backend start on a device with what the adapter has of half precision and subgroups, which tfjs
 * leaves out. Nothing requires it. With half precision, convolution rounds features and filters to float16 (11
 * significant bits, at most 65,504) before it multiplies and sums in float32; filter gradients stay float32.
 *
 * @param Backend the class of `@tensorflow/tfjs-backend-webgpu`
 * @throws RangeError after the webgpu backend has started
 */
export function enableExtendedDevice(Backend: new (...args: never[]) => KernelBackend): void {
  const isStarted = 'webgpu' in engine().registry;
  requireRange(!isStarted, 'enableExtendedDevice', 'must be called before webgpu starts', 'a started backend');
  if ('webgpu' in engine().registryFactory) removeBackend('webgpu');
  registerBackend('webgpu', () => startExtended(Backend as typeof WebGPUBackend), priority);
}

async function startExtended(Backend: typeof WebGPUBackend): Promise<WebGPUBackend> {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('enableExtendedDevice: must find a WebGPU adapter, got none');
  const device = await adapter.requestDevice({
    requiredFeatures: features.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(limits.map((limit) => [limit, adapter.limits[limit]])),
  });
  const extensions = [
    ...(device.features.has('shader-f16') ? (['f16'] as const) : []),
    ...(device.features.has('subgroups') ? (['subgroups'] as const) : []),
  ];
  extended.set(device, { extensions, run: runRawProgram });
  return new Backend(device, adapter.info);
}
