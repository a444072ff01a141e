import { removeBackend, engine, type KernelBackend } from '@tensorflow/tfjs-core';
import { enableExtendedDevice } from './extended-device.js';

/** Stands for the class of tfjs' webgpu backend. */
class Backend {
  constructor(
    readonly device: object,
    readonly adapterInfo: object,
  ) {}
}

type BackendClass = Parameters<typeof enableExtendedDevice>[0];

describe('enableExtendedDevice', () => {
  afterEach(() => {
    if ('webgpu' in engine().registryFactory) removeBackend('webgpu');
  });

  it('asks for what the adapter has', async () => {
    const requestDevice = jasmine.createSpy('requestDevice').and.resolveTo({ features: new Set(['shader-f16']) });
    const adapter = {
      info: {},
      features: new Set(['shader-f16', 'float32-filterable']),
      limits: { maxBufferSize: 5, maxStorageBuffersPerShaderStage: 16 },
      requestDevice,
    };
    const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
    const gpu = { requestAdapter: () => Promise.resolve(adapter) };
    Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
    enableExtendedDevice(Backend as object as BackendClass);
    const backend = await (engine().registryFactory['webgpu'].factory() as Promise<KernelBackend>);
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else delete (globalThis as { navigator?: unknown }).navigator;
    expect(backend).toBeInstanceOf(Backend);
    const [[descriptor]] = requestDevice.calls.allArgs() as [[GPUDeviceDescriptor]];
    expect(descriptor.requiredFeatures).toEqual(['shader-f16']);
    expect(descriptor.requiredLimits!['maxStorageBuffersPerShaderStage']).toBe(16);
  });

  it('refuses once webgpu has started', () => {
    engine().registry['webgpu'] = {} as KernelBackend;
    expect(() => enableExtendedDevice(Backend as object as BackendClass)).toThrowError(
      RangeError,
      'enableExtendedDevice: must be called before webgpu starts, got a started backend',
    );
    delete engine().registry['webgpu'];
  });
});
