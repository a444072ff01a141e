import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { wasmFolder } from './wasm-folder.js';
import type { Backend } from './options.js';

/** Activates a tfjs backend in Node. @throws an Error that says what is missing */
export async function startBackend(name: Backend): Promise<void> {
  setWasmPaths(wasmFolder);
  if (name === 'webgpu') await provideWebgpu();
  if (!(await setBackend(name))) {
    throw new Error(`start: the backend ${name} must start on this machine (try --backend cpu), got a failure of tfjs`);
  }
}

/** Gives Node the browser's `navigator.gpu`, from Dawn; tfjs' backend registers only where it finds one. */
async function provideWebgpu(): Promise<void> {
  const adapter = await dawnAdapter();
  if (!adapter) {
    throw new Error(
      'start: --backend webgpu in Node needs the npm package webgpu and a Vulkan, Metal or Direct3D driver ' +
        '(try --backend wasm, or pick webgpu on the page), got no adapter',
    );
  }
  await import('@tensorflow/tfjs-backend-webgpu');
}

async function dawnAdapter(): Promise<GPUAdapter | null> {
  try {
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    const gpu = create([]);
    Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
    return await gpu.requestAdapter();
  } catch {
    return null; // an optional dependency that is not there, or was built for another system
  }
}
