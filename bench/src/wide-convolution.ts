import { CoordinateMap, SparseTensor } from '@tfjs-sparse/core';
import { submConv } from '@tfjs-sparse/sparse-conv';
import { sparseConv2D, type BlockOutputs } from '@tfjs-sparse/sparse-matmul';
import type { Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { measure } from './measure.js';
import { onnxProduct } from './onnx-product.js';
import { drawPattern, drawValues } from './random-weights.js';
import { yardsticks } from './yardsticks.js';

interface Image {
  readonly side: number;
  readonly channels: number;
}

const images: readonly Image[] = [
  { side: 56, channels: 64 },
  { side: 28, channels: 128 },
  { side: 14, channels: 256 },
];
const percentsOfZeros = [50, 70, 80, 90, 95];
const blocks: readonly BlockOutputs[] = [1, 2, 4];
const kernelSize = 3;

/**
 * 3 x 3 convolutions with stride 1 and random sparse filters against tfjs' conv2d: `conv3x3` (single weights), and
 * `conv3x3b2` and `conv3x3b4` with blocks of 2 and 4 outputs, by percent of zeros.
 */
export const wideConvolutionCases: readonly BenchCase[] = blocks.flatMap((blockOutputs) =>
  images.flatMap((image) =>
    percentsOfZeros.map((percent) => ({
      name: `conv3x3${blockOutputs === 1 ? '' : `b${blockOutputs}`}/${nameOf(image)}/${percent}`,
      run: (context: BenchContext) => run(context, image, blockOutputs, 1 - percent / 100),
    })),
  ),
);

function nameOf({ side, channels }: Image): string {
  return `${side}x${side}x${channels}-${channels}`;
}

async function run(context: BenchContext, { side, channels }: Image, blockOutputs: BlockOutputs, density: number) {
  const { tf } = context;
  const places = kernelSize ** 2;
  const pattern = drawPattern({ inFeatures: places * channels, outFeatures: channels, blockOutputs }, density);
  const values = drawValues(tf, pattern);
  const x = tf.randomNormal([1, side, side, channels], 0, 1, 'float32', 1) as Tensor4D;
  const filter = tf.randomNormal([kernelSize, kernelSize, channels, channels], 0, 1, 'float32', 2) as Tensor4D;
  const cells = Int32Array.from({ length: side * side * 3 }, (_, i) => {
    const cell = Math.floor(i / 3);
    return [0, Math.floor(cell / side), cell % side][i % 3];
  });
  const { map } = CoordinateMap.fromCoordinates(cells, 2);
  const onSites = new SparseTensor(tf.reshape(x, [side * side, channels]) as Tensor2D, map);
  const kernel = tf.reshape(filter, [places, channels, channels]) as Tensor3D;
  const onnx = await onnxProduct(context, {
    op: 'Conv',
    a: [1, channels, side, side],
    b: [channels, channels, kernelSize, kernelSize],
    y: [1, channels, side, side],
    integers: { pads: [1, 1, 1, 1] },
  });
  const yard = yardsticks(context);
  const ours = () => sparseConv2D(x, values, pattern, { kernelSize, padding: 'same' }).dispose();
  const times = await measure({
    ours,
    tfjs: () => tf.conv2d(x, filter, 1, 'same').dispose(),
    ownDense: () => submConv(onSites, kernel, { kernelSize }).features.dispose(),
    ...yard.contenders,
  });
  // Apart: onnxruntime leaves its outputs to the garbage collector, which would run in the next contender's time.
  const besideOnnx = onnx && (await measure({ ours, onnxruntime: onnx }));
  const denseFlops = 2 * side * side * places * channels * channels;
  const flops = 2 * side * side * pattern.blockCount * blockOutputs;
  tf.dispose([values, x, filter, kernel, onSites.features]);
  yard.dispose();
  map.dispose();
  return {
    threads: 1,
    ms: times.ours,
    ...yard.rates(flops, times.ours, times),
    speedup: {
      tfjs: times.tfjs / times.ours,
      ownDense: times.ownDense / times.ours,
      ...(besideOnnx ? { onnxruntime: besideOnnx.onnxruntime / besideOnnx.ours } : {}),
    },
    details: { tfjsGflops: denseFlops / times.tfjs / 1e6 },
  };
}
