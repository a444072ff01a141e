import { sparseTensor, submConv } from '@tfjs-sparse/sparse-conv';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { median } from './measure.js';

const rows = 200;
const columns = 250;
const channels = 32;
const layers = 4;
const warmUps = 4;
const rounds = 25;

/** What tfjs' webgl backend, on which operations copy, costs over wasm: four convolutions of a surface in a row. In browsers. */
export const webglCases: readonly BenchCase[] = [{ name: `webgl/${rows * columns}x${channels}`, run }];

async function run({ tf }: BenchContext) {
  const runs = { wasm: [] as number[], webgl: [] as number[] };
  const convolve: Partial<Record<keyof typeof runs, () => Promise<number>>> = {};
  const backends = Object.keys(runs) as (keyof typeof runs)[];
  for (const backend of backends) {
    if (!(await tf.setBackend(backend).catch(() => false)))
      throw new Error(`bench: ${backend} must start, got none here`);
    const x = sparseTensor(tf.randomNormal([rows * columns, channels]) as Tensor2D, surface());
    const filter = tf.randomNormal([27, channels, channels]) as Tensor3D;
    convolve[backend] = async () => {
      await tf.setBackend(backend);
      const start = performance.now();
      const y = tf.tidy(() => {
        let last = x;
        for (let layer = 0; layer < layers; layer++)
          last = submConv(last, filter, { kernelSize: 3, activation: 'relu' });
        return tf.keep(last.features);
      });
      await y.data();
      y.dispose();
      return performance.now() - start;
    };
    for (let i = 0; i < warmUps; i++) await convolve[backend]();
  }
  for (let i = 0; i < rounds; i++) for (const backend of backends) runs[backend].push(await convolve[backend]!());
  await tf.setBackend('wasm');
  const [wasm, webgl] = backends.map((backend) => median(runs[backend]));
  return {
    threads: 1,
    ms: webgl,
    gflops: null,
    percentOfPeak: null,
    rateVsMatMul: null,
    speedup: { wasm: wasm / webgl },
    details: { wasmMs: wasm },
  };
}

/** A height over every place of a grid. */
function surface(): number[][] {
  const height = (row: number, column: number) => Math.floor(8 * Math.sin(row / 9) + 6 * Math.cos(column / 11)) + 20;
  return Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return [0, row, column, height(row, column)];
  });
}
