import type { Tensor } from '@tensorflow/tfjs';
import { setThreads } from '@tfjs-sparse/core';
import { median } from './measure.js';

/**
 * The same on two threads and on one, in turns, by the wall clock: the work of a second thread is what this is about.
 *
 * @param run gives a float32 tensor, which is disposed of
 * @returns the row of a case
 * @throws Error where one thread and two differ in any bit
 */
export async function twoThreads(run: () => Tensor, rounds: number) {
  const times: Record<number, number[]> = { 1: [], 2: [] };
  const values: Record<number, Float32Array> = {};
  for (let round = 0; round < rounds; round++) {
    for (const threads of [1, 2]) {
      await setThreads(threads);
      run().dispose(); // a new worker compiles the kernels first
      const start = performance.now();
      const y = run();
      times[threads].push(performance.now() - start);
      values[threads] = (await y.data()) as Float32Array;
      y.dispose();
    }
  }
  await setThreads(1);
  const bits = [1, 2].map((threads) => new Int32Array(values[threads].slice().buffer));
  const differing = bits[0].findIndex((value, i) => value !== bits[1][i]);
  if (differing >= 0)
    throw new Error(`bench: two threads must give the bits of one, got another value at ${differing}`);
  const [one, two] = [median(times[1]), median(times[2])];
  return {
    threads: 2,
    ms: two,
    gflops: null,
    percentOfPeak: null,
    rateVsMatMul: null,
    speedup: { oneThread: one / two },
    details: { oneThread: one },
  };
}
