import { CoordinateMap, SparseTensor } from '@tfjs-sparse/core';
import { submConv } from '@tfjs-sparse/sparse-conv';
import { nmMatMul, sparseConv1x1, sparseMatMul, type BlockOutputs, type GroupRule } from '@tfjs-sparse/sparse-matmul';
import type { Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { measure } from './measure.js';
import { onnxProduct } from './onnx-product.js';
import { drawPattern, drawValues } from './random-weights.js';
import { wideConvolutionCases } from './wide-convolution.js';
import { yardsticks } from './yardsticks.js';

interface Product {
  /** Of an image, or null for a matrix. */
  readonly side: number | null;
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}

const images: readonly Product[] = [
  [56, 128],
  [28, 256],
  [14, 512],
  [7, 1024],
].map(([side, channels]) => ({ side, rows: side * side, inputs: channels, outputs: channels }));
const matrices: readonly Product[] = [
  [60, 768, 3072],
  [480, 512, 512],
  [1, 768, 3072],
].map(([rows, inputs, outputs]) => ({ side: null, rows, inputs, outputs }));
const percentsOfZeros = [30, 50, 70, 80, 90, 95];
const blocks: readonly BlockOutputs[] = [1, 2, 4, 8];
const groupRules: readonly GroupRule[] = [
  { n: 2, m: 4 },
  { n: 1, m: 4 },
  { n: 2, m: 8 },
];

/**
 * Products with random sparse weights against tfjs' dense op of the same shape: `csr` (single weights), `block2`, `block4`
 * and `block8` as 1 x 1 convolutions of images by percent of zeros, `nm<n>:<m>`, with `x<outputs>` where a block of
 * outputs shares the pattern, and the 3 x 3 convolutions of `wideConvolutionCases`.
 */
export const sparseMatMulCases: readonly BenchCase[] = [
  ...blocks.flatMap((blockOutputs) =>
    images.flatMap((product) =>
      percentsOfZeros.map((percent) => ({
        name: `${blockOutputs === 1 ? 'csr' : `block${blockOutputs}`}/${nameOf(product)}/${percent}`,
        run: (context: BenchContext) => run(context, product, blockOutputs, { density: 1 - percent / 100 }),
      })),
    ),
  ),
  ...groupRules.flatMap((groups) =>
    ([1, 8] as const).flatMap((blockOutputs) =>
      matrices.map((product) => ({
        name: `nm${groups.n}:${groups.m}${blockOutputs > 1 ? `x${blockOutputs}` : ''}/${nameOf(product)}`,
        run: (context: BenchContext) => run(context, product, blockOutputs, { density: groups.n / groups.m, groups }),
      })),
    ),
  ),
  ...wideConvolutionCases,
];

function nameOf({ side, rows, inputs, outputs }: Product): string {
  return side === null ? `${rows}x${inputs}x${outputs}` : `${side}x${side}x${inputs}-${outputs}`;
}

async function run(
  context: BenchContext,
  { side, rows, inputs, outputs }: Product,
  blockOutputs: BlockOutputs,
  { density, groups }: { readonly density: number; readonly groups?: GroupRule },
) {
  const { tf } = context;
  const pattern = drawPattern({ inFeatures: inputs, outFeatures: outputs, blockOutputs, groups }, density);
  const values = drawValues(tf, pattern);
  const x = tf.randomNormal([rows, inputs], 0, 1, 'float32', 1) as Tensor2D;
  const matrix = tf.randomNormal([inputs, outputs], 0, 1, 'float32', 2) as Tensor2D;
  const image = side === null ? null : (tf.reshape(x, [1, side, side, inputs]) as Tensor4D);
  const filter = tf.reshape(matrix, [1, 1, inputs, outputs]) as Tensor4D;
  const sites = CoordinateMap.fromCoordinates(
    Int32Array.from({ length: rows * 2 }, (_, i) => (i % 2 === 0 ? 0 : i >> 1)),
    1,
  ).map;
  const onSites = new SparseTensor(x, sites);
  const kernel = tf.reshape(matrix, [1, inputs, outputs]) as Tensor3D;
  const onnx = await onnxProduct(context, {
    op: 'MatMul',
    a: [rows, inputs],
    b: [inputs, outputs],
    y: [rows, outputs],
  });
  const yard = yardsticks(context);
  const ours = () => {
    if (image) sparseConv1x1(image, values, pattern).dispose();
    else (groups ? nmMatMul : sparseMatMul)(x, values, pattern).dispose();
  };
  const times = await measure({
    ours,
    tfjs: () => (image ? tf.conv2d(image, filter, 1, 'same') : tf.matMul(x, matrix)).dispose(),
    ownDense: () => submConv(onSites, kernel, { kernelSize: 1 }).features.dispose(),
    ...yard.contenders,
  });
  // Apart: onnxruntime leaves its outputs to the garbage collector, which would run in the next contender's time.
  const besideOnnx = onnx && (await measure({ ours, onnxruntime: onnx }));
  const flops = 2 * rows * pattern.blockCount * blockOutputs;
  const denseFlops = 2 * rows * inputs * outputs;
  tf.dispose([values, x, matrix, filter, kernel]);
  if (image) image.dispose();
  yard.dispose();
  sites.dispose();
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
