import { encodeTopK, sparseDecode, topK } from '@tfjs-sparse/topk';
import type { Tensor2D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { countCommands } from './count-commands.js';
import { measureOnDevice } from './measure-on-device.js';
import { gatherDecode } from './topk-decode.js';

interface Way {
  readonly ours: () => void;
  readonly tfjs: () => void;
}

/** Selection, decode and autoencoders on the device, beside tfjs' ops; the small ones are enough for software adapters. */
export const topKGpuCases: readonly BenchCase[] = [
  ...[
    [64, 4096, 32],
    [1024, 4096, 32],
    [256, 131072, 32],
  ].map(([rows, width, k]) => ({
    name: `rows/${rows}x${width}/${k}`,
    run: (context: BenchContext) => measured(context, (tensors) => selection(context, tensors, rows, width, k)),
  })),
  ...[
    [64, 32, 4096, 256],
    [1024, 32, 32768, 768],
  ].map(([rows, k, features, width]) => ({
    name: `decode/${rows}x${k}/${features}x${width}`,
    run: (context: BenchContext) => measured(context, (tensors) => decode(context, tensors, rows, k, features, width)),
  })),
  ...[
    [32, 256, 4096, 32],
    [256, 768, 24576, 32],
  ].map(([rows, width, features, k]) => ({
    name: `sae/${rows}x${width}x${features}/${k}`,
    run: (context: BenchContext) =>
      measured(context, (tensors) => autoencode(context, tensors, rows, width, features, k)),
  })),
];

async function measured(context: BenchContext, make: (tensors: Tensor2D[]) => Way) {
  const tensors: Tensor2D[] = [];
  const { ours, tfjs } = make(tensors);
  const times = await measureOnDevice({ ours, tfjs }, context.finish!);
  const counts = await countCommands(ours, context.finish!);
  context.tf.dispose(tensors);
  return {
    threads: 1,
    ms: times.ours,
    gflops: null,
    percentOfPeak: null,
    rateVsMatMul: null,
    speedup: { tfjs: times.tfjs / times.ours },
    details: counts,
  };
}

function drawn({ tf }: BenchContext, tensors: Tensor2D[], shape: [number, number]): Tensor2D {
  const tensor = tf.randomNormal(shape, 0, 1, 'float32', tensors.length + 1) as Tensor2D;
  tensors.push(tensor);
  return tensor;
}

function selection(context: BenchContext, tensors: Tensor2D[], rows: number, width: number, k: number): Way {
  const { tf } = context;
  const x = drawn(context, tensors, [rows, width]);
  return {
    ours: () => tf.dispose(Object.values(topK(x, { k }))),
    tfjs: () => tf.dispose(Object.values(tf.topk(x, k))),
  };
}

function decode(
  context: BenchContext,
  tensors: Tensor2D[],
  rows: number,
  k: number,
  features: number,
  width: number,
): Way {
  const { tf } = context;
  const values = drawn(context, tensors, [rows, k]);
  const dictionary = drawn(context, tensors, [features, width]);
  const indices = tf.randomUniform([rows, k], 0, features, 'int32', 9) as Tensor2D;
  tensors.push(indices);
  return {
    ours: () => sparseDecode({ values, indices }, dictionary).dispose(),
    tfjs: () => tf.tidy(() => gatherDecode(context, values, indices, dictionary)).dispose(),
  };
}

function autoencode(
  context: BenchContext,
  tensors: Tensor2D[],
  rows: number,
  width: number,
  features: number,
  k: number,
): Way {
  const { tf } = context;
  const x = drawn(context, tensors, [rows, width]);
  const encoder = drawn(context, tensors, [features, width]);
  const decoder = drawn(context, tensors, [features, width]);
  return {
    ours: () => tf.tidy(() => sparseDecode(encodeTopK(x, encoder, { k }), decoder)).dispose(),
    tfjs: () =>
      tf
        .tidy(() => {
          const { values, indices } = tf.topk(tf.matMul(x, encoder, false, true), k);
          return gatherDecode(context, values, indices as Tensor2D, decoder);
        })
        .dispose(),
  };
}
