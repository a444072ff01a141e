import { backend, env, getBackend, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { gpuAdapterName } from '@tfjs-sparse/core';
import type { BackendName, Threads } from './messages.js';

/** Devices whose errors are already reported. */
const watched = new WeakSet<GPUDevice>();

/**
 * Activates a tfjs backend; where it does not start, the former stays.
 *
 * @param report gets what a GPU device reports later: a broken shader does not throw, it leaves zeros
 * @param threads with 'one' tfjs loads its build without threads, unless it has started wasm before
 * @throws an Error that says what to do
 */
export async function startBackend(
  name: BackendName,
  report: (problem: string) => void,
  threads: Threads = 'many',
): Promise<void> {
  if (threads === 'one') env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths(new URL('wasm/', location.href).href); // of the page or of the worker, which are in one folder
  if (name === 'webgpu' && !(await navigator.gpu?.requestAdapter())) {
    throw new Error('webgpu needs an adapter, and this browser gives none (pick wasm)');
  }
  const former = getBackend();
  if (!(await setBackend(name))) {
    if (former) await setBackend(former); // tfjs leaves the name of the one that failed
    throw new Error(`the backend ${name} did not start (pick cpu, or reload the page)`);
  }
  if (name !== 'webgpu') return;
  watch((backend() as WebGPUBackend).device, report);
  const adapter = await gpuAdapterName();
  if (adapter?.isSoftware)
    report(`webgpu is software here (${adapter.name}): the CPU does its work, slower than on wasm`);
}

function watch(device: GPUDevice, report: (problem: string) => void): void {
  if (watched.has(device)) return;
  watched.add(device);
  device.addEventListener('uncapturederror', ({ error }) => report(`webgpu: ${error.message} (results may be wrong)`));
  void device.lost.then(({ message }) =>
    report(`webgpu: the device was lost, ${message} Reload the page or pick wasm.`),
  );
}
