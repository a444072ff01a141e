import { CoordinateMap, SparseTensor } from '@tfjs-sparse/core';
import { submConv } from '@tfjs-sparse/sparse-conv';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { frames, readPoints, type Frame } from './frames.js';
import { measure } from './measure.js';
import { onnxMatMul } from './onnx-mat-mul.js';
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
  voxelSizes.flatMap((voxelSize) =>
    channelCounts.map((channels) => ({
      name: `${frame.name}@${voxelSize}/c${channels}`,
      run: (context: BenchContext) => run(context, frame, voxelSize, channels),
    })),
  ),
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
  const onnx = await onnxMatMul(context, rows, channels);
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
