import type { WorkerStart } from './control.js';

/**
 * The body of a worker. It becomes a worker by its source text, so it must not refer to anything outside of itself.
 * It spins for about 20 microseconds after a job, because waking up from a wait takes 10 to 20.
 */
export function workerMain({ memory, modules, control, thread, words, stop }: WorkerStart): void {
  const spins = 2000;
  const block = new Int32Array(control);
  const numbers = new Float64Array(control, words.firstArgument * block.BYTES_PER_ELEMENT);
  type Kernel = (...numbers: number[]) => void;
  const kernels = modules.map((module) => {
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    return Object.values(exports) as (WebAssembly.ExportValue & Kernel)[];
  });
  const runItems = (): void => {
    const kernel = kernels[block[words.module]][block[words.kernel]];
    const given = Array.from(numbers.subarray(0, block[words.argumentCount]));
    for (;;) {
      const item = Atomics.add(block, words.next, 1);
      if (item >= block[words.itemCount]) return;
      kernel(item, item + 1, thread, ...given);
    }
  };
  Atomics.add(block, words.ready, 1);
  let seen = 0;
  for (;;) {
    for (let i = 0; i < spins && Atomics.load(block, words.wake) === seen; i++);
    Atomics.wait(block, words.wake, seen);
    seen = Atomics.load(block, words.wake);
    if (seen === stop) return;
    Atomics.add(block, words.active, 1);
    try {
      if (Atomics.load(block, words.gate) === seen) runItems();
    } catch {
      Atomics.store(block, words.failed, 1);
    } finally {
      Atomics.sub(block, words.active, 1);
    }
  }
}
