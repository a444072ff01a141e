import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { adapterLine, provideWebgpu } from '@tfjs-sparse/conformance/node-backends';
import { wasmFolder } from './wasm-folder.js';
import type { Backend } from './options.js';

/** Activates a tfjs backend in Node. @throws an Error that says what is missing */
export async function startBackend(name: Backend): Promise<void> {
  setWasmPaths(wasmFolder);
  if (name === 'webgpu') {
    const problem = await provideWebgpu();
    const rule =
      'start: --backend webgpu needs a GPU that Dawn can use (try --backend wasm, or pick webgpu on the page)';
    if (problem) throw new Error(`${rule}, got ${problem}`);
    console.error(await adapterLine());
  }
  if (!(await setBackend(name))) {
    throw new Error(`start: the backend ${name} must start on this machine (try --backend cpu), got a failure of tfjs`);
  }
}
