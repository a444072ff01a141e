import { hostExports } from '../wasm/host-memory.js';
import { binaries, type Exports } from '../wasm-binaries.js';

/** The exports of the `*.as.ts` files of this folder; the meaning of the parameters stands there. All are pointers or counts. */
export function indexKernels(): Exports {
  return hostExports(binaries);
}
