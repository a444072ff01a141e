import type { WorkerStart } from './control.js';
import { workerMain } from './worker-main.js';

/** A running worker of a browser or of Node. */
export interface StartedWorker {
  terminate(): unknown;
}

interface NodeWorkers {
  readonly Worker: new (
    source: string,
    options: { eval: true; workerData: unknown },
  ) => StartedWorker & { unref(): void };
}

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

/** Starts `workerMain` in a thread of its own. */
export function startWorker(start: WorkerStart): StartedWorker {
  const node = (globalThis as { process?: NodeProcess }).process?.getBuiltinModule?.('node:worker_threads');
  if (node) {
    const source = `(${workerMain.toString()})(require('node:worker_threads').workerData);`;
    const worker = new (node as NodeWorkers).Worker(source, { eval: true, workerData: start });
    worker.unref(); // a waiting worker must not keep the process alive
    return worker;
  }
  const source = `onmessage = ({ data }) => (${workerMain.toString()})(data);`;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.postMessage(start);
  URL.revokeObjectURL(url);
  return worker;
}
