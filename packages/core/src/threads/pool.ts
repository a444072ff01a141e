import { requireRange } from '../errors.js';
import { sharedModule, type WasmBinaries } from '../wasm/binaries.js';
import { binaries } from '../wasm-binaries.js';
import { argumentsByte, controlBytes, maximumArguments, stop, word } from './control.js';
import { startWorker, type StartedWorker } from './start-worker.js';

/** A kernel that can be split: it does items `first` to `end` with the scratch memory of thread `thread`. */
export type ParallelKernel = (first: number, end: number, thread: number, ...numbers: number[]) => void;

const startLimitMs = 10_000; // workers take 50 to 70 ms each
const joinLimitMs = 60_000; // far longer than the longest item; only a dead worker takes so long

/** Modules of plugins whose kernels workers can run, beside core's. Plugins add theirs when they are imported. */
const threadedBinaries: WasmBinaries[] = [];

/** Pools, by memory. */
const pools = new WeakMap<WebAssembly.Memory, WorkerPool>();

/** The latest start of a pool on a memory: starts wait for each other, so that the last one counts. */
const starts = new WeakMap<WebAssembly.Memory, Promise<void>>();

/** Makes the kernels of `module` available to workers that are started from now on. */
export function addThreadedBinaries(module: WasmBinaries): void {
  if (!threadedBinaries.includes(module)) threadedBinaries.push(module);
}

/** The pool on `memory`, if one was started. */
export function poolOf(memory: WebAssembly.Memory): WorkerPool | undefined {
  return pools.get(memory);
}

/** Workers that share a memory. */
export class WorkerPool {
  readonly #workers: readonly StartedWorker[];
  readonly #block: Int32Array;
  readonly #arguments: Float64Array;
  readonly #binaries: readonly WasmBinaries[];
  #job = 0;

  private constructor(memory: WebAssembly.Memory, workerCount: number) {
    this.#binaries = [binaries, ...threadedBinaries];
    const control = new SharedArrayBuffer(controlBytes);
    this.#block = new Int32Array(control);
    this.#arguments = new Float64Array(control, argumentsByte);
    const modules = this.#binaries.map(sharedModule);
    this.#workers = Array.from({ length: workerCount }, (_, i) =>
      startWorker({ memory, modules, control, thread: i + 1, words: word, stop }),
    );
  }

  /** Starts workers on `memory`, in place of those that it has. */
  static start(memory: WebAssembly.Memory, workerCount: number): Promise<void> {
    const restart = () => WorkerPool.#restart(memory, workerCount);
    const started = (starts.get(memory) ?? Promise.resolve()).then(restart, restart);
    starts.set(memory, started);
    return started;
  }

  /** Ends the workers on `memory`, if it has any. */
  static end(memory: WebAssembly.Memory): void {
    pools.get(memory)?.stop();
    pools.delete(memory);
  }

  static async #restart(memory: WebAssembly.Memory, workerCount: number): Promise<void> {
    WorkerPool.end(memory);
    if (workerCount === 0) return;
    const pool = new WorkerPool(memory, workerCount);
    const limit = performance.now() + startLimitMs;
    while (Atomics.load(pool.#block, word.ready) < workerCount) {
      if (performance.now() > limit) {
        pool.stop();
        throw new Error(`setThreads: ${workerCount} workers must start within ${startLimitMs / 1000} s, got none`);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    pools.set(memory, pool);
  }

  /** The main thread and the workers. */
  get threadCount(): number {
    return 1 + this.#workers.length;
  }

  /** True when the workers have the kernels of `module`. */
  has(module: WasmBinaries): boolean {
    return this.#binaries.includes(module);
  }

  /** Runs an exported kernel of `module` over `itemCount` items, on all threads; returns when all are done. */
  run(
    module: WasmBinaries,
    exports: Readonly<Record<string, ParallelKernel>>,
    name: string,
    itemCount: number,
    numbers: readonly number[],
  ): void {
    requireRange(
      numbers.length <= maximumArguments,
      name,
      `a kernel has at most ${maximumArguments} numbers`,
      numbers.length,
    );
    const block = this.#block;
    const job = (this.#job = (this.#job % 0x3fff_ffff) + 1);
    block[word.itemCount] = itemCount;
    block[word.module] = this.#binaries.indexOf(module);
    block[word.kernel] = Object.keys(exports).indexOf(name);
    block[word.argumentCount] = numbers.length;
    this.#arguments.set(numbers);
    Atomics.store(block, word.next, 0);
    Atomics.store(block, word.gate, job);
    Atomics.store(block, word.wake, job);
    Atomics.notify(block, word.wake);
    try {
      for (;;) {
        const item = Atomics.add(block, word.next, 1);
        if (item >= itemCount) break;
        exports[name](item, item + 1, 0, ...numbers);
      }
    } finally {
      Atomics.store(block, word.gate, 0);
      this.#join(name);
    }
  }

  /** Waits for workers that are still at an item. The main thread of a page may not block, so it spins. */
  #join(name: string): void {
    const limit = performance.now() + joinLimitMs;
    while (Atomics.load(this.#block, word.active) > 0) {
      if (performance.now() > limit)
        throw new Error(`${name}: a worker must finish its item, got none; call setThreads again`);
    }
    if (Atomics.exchange(this.#block, word.failed, 0) === 1) throw new Error(`internal: ${name} failed in a worker`);
  }

  stop(): void {
    Atomics.store(this.#block, word.wake, stop);
    Atomics.notify(this.#block, word.wake);
    for (const worker of this.#workers) worker.terminate();
  }
}
