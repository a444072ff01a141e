import { depthwiseConv2D } from '@tfjs-sparse/sparse-matmul';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { measure } from './measure.js';
import { yardsticks } from './yardsticks.js';

interface Depthwise {
  readonly side: number;
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
}

const images: readonly (readonly [side: number, channels: number])[] = [
  [112, 32],
  [56, 128],
  [28, 256],
  [14, 512],
  [7, 1024],
];

/** Depthwise convolution with bias and ReLU against tfjs' fused op: `k<kernel>s<stride>/<side>x<side>x<channels>`. */
export const depthwiseCases: readonly BenchCase[] = [
  [3, 1],
  [3, 2],
  [5, 1],
].flatMap(([kernel, stride]) =>
  images.map(([side, channels]) => ({
    name: `k${kernel}s${stride}/${side}x${side}x${channels}`,
    run: (context: BenchContext) => run(context, { side, channels, kernel, stride }),
  })),
);

async function run(context: BenchContext, { side, channels, kernel, stride }: Depthwise) {
  const { tf } = context;
  const x = tf.randomNormal([1, side, side, channels], 0, 1, 'float32', 1) as Tensor4D;
  const filter = tf.randomNormal([kernel, kernel, channels, 1], 0, 1, 'float32', 2) as Tensor4D;
  const bias = tf.randomNormal([channels], 0, 1, 'float32', 3) as Tensor1D;
  const yard = yardsticks(context);
  const options = { bias, activation: 'relu' as const };
  const times = await measure({
    ours: () => depthwiseConv2D(x, filter, { strides: stride, padding: 'same', ...options }).dispose(),
    tfjs: () => tf.fused.depthwiseConv2d({ x, filter, strides: stride, pad: 'same', ...options }).dispose(),
    ...yard.contenders,
  });
  const flops = 2 * Math.ceil(side / stride) ** 2 * channels * kernel ** 2;
  tf.dispose([x, filter, bias]);
  yard.dispose();
  return {
    threads: 1,
    ms: times.ours,
    ...yard.rates(flops, times.ours, times),
    speedup: { tfjs: times.tfjs / times.ours },
    details: { tfjsGflops: flops / times.tfjs / 1e6 },
  };
}
