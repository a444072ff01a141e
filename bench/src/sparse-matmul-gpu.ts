import { sparseMatMul, type BlockOutputs, type GroupRule } from '@tfjs-sparse/sparse-matmul';
import type { Tensor2D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { measureOnDevice } from './measure-on-device.js';
import { drawPattern, drawValues } from './random-weights.js';

const shapes: readonly (readonly [rows: number, inputs: number, outputs: number])[] = [
  [1, 768, 3072],
  [60, 768, 3072],
  [480, 512, 512],
  [784, 256, 256],
];

interface Weights {
  readonly name: string;
  readonly blockOutputs: BlockOutputs;
  readonly groups?: GroupRule;
  readonly density: number;
}

const kinds: readonly Weights[] = [
  { name: 'nm2:4', blockOutputs: 1, groups: { n: 2, m: 4 }, density: 0.5 },
  { name: 'nm1:4', blockOutputs: 1, groups: { n: 1, m: 4 }, density: 0.25 },
  { name: 'nm2:4x8', blockOutputs: 8, groups: { n: 2, m: 4 }, density: 0.5 },
  { name: 'csr90', blockOutputs: 1, density: 0.1 },
  { name: 'block8-90', blockOutputs: 8, density: 0.1 },
];

/** Products with sparse weights on the device against tfjs' dense product of the same shape. */
export const sparseMatMulGpuCases: readonly BenchCase[] = kinds.flatMap((weights) =>
  shapes.map((shape) => ({
    name: `${weights.name}/${shape.join('x')}`,
    run: (context: BenchContext) => run(context, shape, weights),
  })),
);

async function run(
  { tf, finish }: BenchContext,
  [rows, inputs, outputs]: (typeof shapes)[number],
  { blockOutputs, groups, density }: Weights,
) {
  const pattern = drawPattern({ inFeatures: inputs, outFeatures: outputs, blockOutputs, groups }, density);
  const values = drawValues(tf, pattern);
  const x = tf.randomNormal([rows, inputs], 0, 1, 'float32', 1) as Tensor2D;
  const matrix = tf.randomNormal([inputs, outputs], 0, 1, 'float32', 2) as Tensor2D;
  const times = await measureOnDevice(
    {
      ours: () => sparseMatMul(x, values, pattern).dispose(),
      tfjs: () => tf.matMul(x, matrix).dispose(),
    },
    finish!,
  );
  tf.dispose([values, x, matrix]);
  const flops = 2 * rows * pattern.blockCount * blockOutputs;
  return {
    threads: 1,
    ms: times.ours,
    gflops: flops / times.ours / 1e6,
    percentOfPeak: null,
    rateVsMatMul: null,
    speedup: { tfjs: times.tfjs / times.ours },
    details: { tfjsGflops: (2 * rows * inputs * outputs) / times.tfjs / 1e6 },
  };
}
