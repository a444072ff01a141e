import { engine, ready, type KernelBackend } from '@tensorflow/tfjs-core';
import { requireRange, requireType } from '../errors.js';
import { memoryOf, type TfjsWasmBackend } from '../op/wasm-scope.js';
import { isShared } from '../wasm/binaries.js';
import { WorkerPool } from './pool.js';

const maximumThreads = 64;

/**
 * Runs the large kernels of tfjs' wasm backend on `count` threads (the calling one and `count - 1` workers), with the
 * same bits as on one, once the active backend, which must be wasm, is ready. `setThreads(1)` ends the workers.
 *
 * The backend's memory must be shared: in a browser the page must be cross-origin isolated (tfjs then loads its threaded
 * build), in Node the binary must be changed by `withSharedMemory`.
 *
 * @param count threads, 1 to 64; more than the machine has cores is slower
 * @throws TypeError for what is no number, RangeError for another count; Error when the wasm backend is not active or its memory is not shared
 */
export async function setThreads(count: number): Promise<void> {
  requireType(
    typeof count === 'number',
    'setThreads',
    'count must be a number',
    typeof count === 'string' ? `the string '${count}'` : count,
  );
  requireRange(
    Number.isInteger(count) && count >= 1 && count <= maximumThreads,
    'setThreads',
    `count must be an integer from 1 to ${maximumThreads}`,
    count,
  );
  await ready();
  const { backendName, backend } = engine();
  if (backendName !== 'wasm') throw new Error(`setThreads: the active backend must be 'wasm', got '${backendName}'`);
  const memory = memoryOf(backend as KernelBackend & TfjsWasmBackend);
  if (!isShared(memory) && count > 1) {
    throw new Error(
      'setThreads: the memory of the wasm backend must be shared, got a plain one; a page must be cross-origin ' +
        'isolated, in Node load a binary that withSharedMemory changed',
    );
  }
  endWithBackend(backend, memory);
  await WorkerPool.start(memory, count - 1);
}

const watched = new WeakSet<KernelBackend>();

/** Makes `backend` end the workers when it is disposed, as tfjs does with its own. */
function endWithBackend(backend: KernelBackend, memory: WebAssembly.Memory): void {
  if (watched.has(backend)) return;
  watched.add(backend);
  const dispose = backend.dispose;
  backend.dispose = () => {
    WorkerPool.end(memory);
    dispose.call(backend);
  };
}
