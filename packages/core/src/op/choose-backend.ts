import { engine, findBackendFactory, setBackend } from '@tensorflow/tfjs-core';
import { requireType } from '../errors.js';
import { gpuAdapterName } from './gpu-adapter.js';

/** The fastest first: kernels of our own on the GPU, on the CPU without copies, with copies. */
const preferred = ['webgpu', 'wasm', 'webgl', 'tensorflow', 'cpu'];

/**
 * Makes the fastest of tfjs' backends that are imported and work here the active one: webgpu on a GPU, wasm, webgl, cpu.
 * A GPU in software does not count: wasm is faster.
 *
 * @returns its name
 * @throws TypeError for an argument: which one it is is not asked; Error where none of the imported backends works
 */
export async function chooseBackend(...given: readonly never[]): Promise<string> {
  const rule = 'there must be no argument (setBackend of tfjs takes a name)';
  requireType(given.length === 0, 'chooseBackend', rule, given[0]);
  const imported = Object.keys(engine().registryFactory);
  const others = imported.filter((name) => !preferred.includes(name));
  for (const name of [...preferred, ...others]) {
    if (!findBackendFactory(name) || (name === 'webgpu' && !(await hasGpu()))) continue;
    if (await setBackend(name).catch(() => false)) return name;
  }
  throw new Error(`chooseBackend: a backend must be imported that works here, got [${imported.join(', ')}]`);
}

async function hasGpu(): Promise<boolean> {
  const adapter = await gpuAdapterName();
  return adapter !== null && !adapter.isSoftware;
}
