import { ready, setBackend } from '@tensorflow/tfjs-core';
import { UsageError } from './command.js';
import { locationOf } from './installed-packages.js';

/** The fastest first; the converter brings the last one itself. */
const backends = ['wasm', 'cpu'];

/**
 * Starts a backend of tfjs that is installed where the command runs, or beside this package.
 *
 * @param name default the first of wasm and cpu that is there
 * @throws UsageError where it is not
 */
export async function startBackend(name?: string): Promise<string> {
  for (const backend of name === undefined ? backends : [name]) {
    const place = locationOf(`@tensorflow/tfjs-backend-${backend}`);
    if (place === null) continue;
    await import(place);
    await setBackend(backend);
    await ready();
    return backend;
  }
  throw new UsageError(`tfjs-sparse: the backend must be installed (npm install @tensorflow/tfjs-backend-${name ?? 'cpu'}), got none`); // prettier-ignore
}
