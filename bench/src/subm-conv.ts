import { CoordinateMap, SparseTensor } from '@tfjs-sparse/core';
import { submConv } from '@tfjs-sparse/sparse-conv';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { frames, readPoints, type Frame } from './frames.js';
import { measure } from './measure.js';
import { onnxProduct } from './onnx-product.js';
import { submGeometry } from './subm-geometry.js';
import { yardsticks } from './yardsticks.js';

const voxelSizes = [0.05, 0.1]; // metres
const channelCounts = [32, 64, 96, 128];

/**
 * Submanifold 3 x 3 x 3 convolution of real scans, kernel map cached. The other ways do a dense product with the same
 * number of multiplications, `[pairs, channels] x [channels, channels]`: a dense convolution of the scan's bounding box
 * would need 65,000 times as many.
 */
export const submConvCases: readonly BenchCase[] = frames.flatMap((frame) =>
  voxelSizes.flatMap((voxelSize) => [
    {
      name: `${frame.name}@${voxelSize}/first-call`,
      run: (context: BenchContext) => runFirstCall(context, frame, voxelSize),
    },
    { name: `${frame.name}@${voxelSize}/cold`, run: (context: BenchContext) => runCold(context, frame, voxelSize) },
    ...channelCounts.map((channels) => ({
      name: `${frame.name}@${voxelSize}/c${channels}`,
      run: (context: BenchContext) => run(context, frame, voxelSize, channels),
    })),
  ]),
);

async function run(context: BenchContext, frame: Frame, voxelSize: number, channels: number) {
  const { tf } = context;
  const points = await readPoints(context, frame);
  const { map } = CoordinateMap.fromPoints(points, 3, { voxelSize, pointStride: frame.floatsPerPoint });
  const { pairCount } = map.kernelMap(submGeometry);
  const flops = 2 * pairCount * channels * channels;
  const random = (shape: number[], seed: number) => tf.randomUniform(shape, -1, 1, 'float32', seed);
  const x = new SparseTensor(random([map.siteCount, channels], 1) as Tensor2D, map);
  const filter = random([27, channels, channels], 2) as Tensor3D;
  const matrix = random([1, channels, channels], 3) as Tensor3D;
  const rows = pairCount; // a dense product of this many rows does the multiplications of the convolution
  const denseRows = random([rows, channels], 4) as Tensor2D;
  const denseSites = CoordinateMap.fromCoordinates(
    Int32Array.from({ length: rows * 2 }, (_, i) => (i % 2 === 0 ? 0 : i >> 1)),
    1,
  ).map;
  const dense = new SparseTensor(denseRows, denseSites);
  const onnx = await onnxProduct(context, {
    op: 'MatMul',
    a: [rows, channels],
    b: [channels, channels],
    y: [rows, channels],
  });
  const yard = yardsticks(context);
  const ours = () => submConv(x, filter, { kernelSize: 3 }).features.dispose();
  const times = await measure({
    ours,
    tfjs: () => tf.matMul(denseRows, tf.reshape(matrix, [channels, channels]) as Tensor2D).dispose(),
    ownDense: () => submConv(dense, matrix, { kernelSize: 1 }).features.dispose(),
    ...yard.contenders,
  });
  // Apart: onnxruntime leaves its outputs to the garbage collector, which would run in the next contender's time.
  const besideOnnx = onnx && (await measure({ ours, onnxruntime: onnx }));
  tf.dispose([x.features, filter, matrix, denseRows]);
  yard.dispose();
  map.dispose();
  denseSites.dispose();
  return {
    threads: 1,
    ms: times.ours,
    ...yard.rates(flops, times.ours, times),
    speedup: {
      tfjs: times.tfjs / times.ours,
      ownDense: times.ownDense / times.ours,
      ...(besideOnnx ? { onnxruntime: besideOnnx.onnxruntime / besideOnnx.ours } : {}),
    },
  };
}

const coldChannels = 32;
const noRates = { gflops: null, percentOfPeak: null, rateVsMatMul: null };

/** Voxels in, kernel map built, convolution done: what a scan costs that was never seen before. */
async function runCold(context: BenchContext, frame: Frame, voxelSize: number) {
  const { call, dispose } = await coldCall(context, frame, voxelSize);
  const times = await measure({ ours: call });
  dispose();
  return { threads: 1, ms: times.ours, ...noRates, speedup: {} };
}

/**
 * The first such call of a process or page by the wall clock, WebAssembly compiled in it. Right only as the only case
 * of a run; the first of two calls, the other one is given as a detail.
 */
async function runFirstCall(context: BenchContext, frame: Frame, voxelSize: number) {
  const { call, dispose } = await coldCall(context, frame, voxelSize);
  const times = [0, 0].map(() => {
    const start = performance.now();
    call();
    return performance.now() - start;
  });
  dispose();
  return { threads: 1, ms: times[0], ...noRates, speedup: {}, details: { secondCall: times[1] } };
}

/** The call with its inputs: rows of voxels in the order of the sites. */
async function coldCall(context: BenchContext, frame: Frame, voxelSize: number) {
  const { tf } = context;
  const rows = await voxelRows(context, frame, voxelSize);
  const features = tf.randomUniform([rows.length / 4, coldChannels], -1, 1, 'float32', 1) as Tensor2D;
  const filter = tf.randomUniform([27, coldChannels, coldChannels], -1, 1, 'float32', 2) as Tensor3D;
  return {
    call() {
      const { map } = CoordinateMap.fromCoordinates(rows, 3);
      submConv(new SparseTensor(features, map), filter, { kernelSize: 3 }).features.dispose();
      map.dispose();
    },
    dispose: () => tf.dispose([features, filter]),
  };
}

/** Int32 `[voxels, 4]`, sorted; by JavaScript, so that the engine does nothing before it is timed. */
async function voxelRows(context: BenchContext, frame: Frame, voxelSize: number): Promise<Int32Array> {
  const points = await readPoints(context, frame);
  const size = Math.fround(voxelSize);
  const voxels = new Map<string, readonly number[]>();
  for (let point = 0; point < points.length; point += frame.floatsPerPoint) {
    const cell = [0, 1, 2].map((axis) => Math.floor(Math.fround(points[point + axis] / size)));
    voxels.set(cell.join(), [0, ...cell]);
  }
  const sorted = [...voxels.values()].sort((a, b) => a[1] - b[1] || a[2] - b[2] || a[3] - b[3]);
  return Int32Array.from(sorted.flat());
}
