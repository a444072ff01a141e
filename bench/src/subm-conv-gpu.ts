import { CoordinateMap, SparseTensor } from '@tfjs-sparse/core';
import { submConv } from '@tfjs-sparse/sparse-conv';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { frames, readPoints, simulatedFrame, type Frame } from './frames.js';
import { measureOnDevice } from './measure-on-device.js';
import { submGeometry } from './subm-geometry.js';

const voxelSizes = [0.05, 0.1]; // metres
const channelCounts = [32, 64, 96, 128];
const matMulSizes = [512, 2048]; // the small one on adapters that need more than slowMs for it
const slowMs = 5;

/**
 * Submanifold 3 x 3 x 3 convolution on the device, kernel map cached, against tfjs' dense products: one with the same
 * number of multiplications, `[pairs, channels] x [channels, channels]`, and a square one.
 */
export const submConvGpuCases: readonly BenchCase[] = [
  benchCase(simulatedFrame, 1, 32), // 4,000 sites, for software adapters
  ...[simulatedFrame, ...frames].flatMap((frame) =>
    voxelSizes.flatMap((voxelSize) => channelCounts.map((channels) => benchCase(frame, voxelSize, channels))),
  ),
];

function benchCase(frame: Frame, voxelSize: number, channels: number): BenchCase {
  return {
    name: `${frame.name}@${voxelSize}/c${channels}`,
    run: (context) => run(context, frame, voxelSize, channels),
  };
}

async function run(context: BenchContext, frame: Frame, voxelSize: number, channels: number) {
  const { tf } = context;
  const finish = context.finish!;
  const points = await readPoints(context, frame);
  const { map } = CoordinateMap.fromPoints(points, 3, { voxelSize, pointStride: frame.floatsPerPoint });
  const { pairCount } = map.kernelMap(submGeometry);
  const random = (shape: number[], seed: number): Tensor => tf.randomUniform(shape, -1, 1, 'float32', seed);
  const x = random([map.siteCount, channels], 1) as Tensor2D;
  const filter = random([27, channels, channels], 2) as Tensor3D;
  const denseRows = random([pairCount, channels], 3) as Tensor2D;
  const matrix = random([channels, channels], 4) as Tensor2D;
  const convolve = (values: Tensor2D, weights: Tensor3D) =>
    submConv(new SparseTensor(values, map), weights, { kernelSize: 3 }).features;
  const gradients = tf.grads((values, weights) => convolve(values as Tensor2D, weights as Tensor3D));
  const dy = random([map.siteCount, channels], 5);
  const square = await squareProduct(context);
  const times = await measureOnDevice(
    {
      ours: () => convolve(x, filter).dispose(),
      tfjs: () => tf.matMul(denseRows, matrix).dispose(),
      matMul: square.run,
      trainStep: () => tf.dispose(gradients([x, filter], dy)),
    },
    finish,
  );
  tf.dispose([x, filter, denseRows, matrix, dy]);
  square.dispose();
  map.dispose();
  const flops = 2 * pairCount * channels * channels;
  const matMulGflops = (2 * square.size ** 3) / times.matMul / 1e6;
  return {
    threads: 1,
    ms: times.ours,
    gflops: flops / times.ours / 1e6,
    percentOfPeak: null,
    rateVsMatMul: flops / times.ours / 1e6 / matMulGflops,
    speedup: { tfjs: times.tfjs / times.ours },
    details: {
      sites: x.shape[0],
      pairs: pairCount,
      matMulSize: square.size,
      matMulGflops,
      trainStepGflops: (3 * flops) / times.trainStep / 1e6, // forward, and both gradients
    },
  };
}

async function squareProduct({ tf, finish }: BenchContext) {
  for (const size of matMulSizes) {
    const [a, b] = [1, 2].map((seed) => tf.randomUniform([size, size], -1, 1, 'float32', seed) as Tensor2D);
    const run = () => tf.matMul(a, b).dispose();
    const { ms } = await measureOnDevice({ ms: run }, finish!);
    if (size === matMulSizes.at(-1) || ms > slowMs) return { size, run, dispose: () => tf.dispose([a, b]) };
    tf.dispose([a, b]);
  }
  throw new Error('internal: no size');
}
