import { topK } from '@tfjs-sparse/topk';
import type { Tensor2D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { measure } from './measure.js';
import { onnxRun } from './onnx-model.js';
import { passOver } from './pass.js';

/** `rows/<rows>x<width>/<k>`: the k greatest of each row. */
export const topKCases: readonly BenchCase[] = [
  ...(
    [
      [1024, 4096, 32],
      [256, 131072, 32],
    ] as const
  ).map(([rows, width, k]) => ({
    name: `rows/${rows}x${width}/${k}`,
    run: (context: BenchContext) => selectPerRow(context, rows, width, k),
  })),
];

async function selectPerRow(context: BenchContext, rows: number, width: number, k: number) {
  const { tf } = context;
  const x = tf.randomNormal([rows, width], 0, 1, 'float32', 1) as Tensor2D;
  const onnxruntime = await onnxTopK(context, x, k);
  const contenders = {
    ours: () => tf.dispose(Object.values(topK(x, { k }))),
    tfjs: () => tf.dispose(Object.values(tf.topk(x, k))),
    pass: passOver(rows * width),
  };
  const times: Times = await (onnxruntime ? measure({ ...contenders, onnxruntime }) : measure(contenders));
  x.dispose();
  return ratesOf(times);
}

type Times = Readonly<Record<'ours' | 'tfjs' | 'pass', number>> & { readonly onnxruntime?: number };

function ratesOf({ ours, tfjs, pass, onnxruntime }: Times) {
  return {
    threads: 1,
    ms: ours,
    gflops: null,
    percentOfPeak: null,
    speedup: { tfjs: tfjs / ours, ...(onnxruntime && { onnxruntime: onnxruntime / ours }) },
    rateVsMatMul: null,
    details: { passes: ours / pass },
  };
}

async function onnxTopK(context: BenchContext, x: Tensor2D, k: number) {
  const [rows] = x.shape;
  return onnxRun(context, {
    nodes: [{ op: 'TopK', inputs: ['x', 'k'], outputs: ['values', 'indices'] }],
    inputs: {
      x: { type: 'float32', shape: x.shape, values: (await x.data()).slice() as Float32Array },
      k: { type: 'int64', shape: [1], values: BigInt64Array.of(BigInt(k)) },
    },
    outputs: { values: { type: 'float32', shape: [rows, k] }, indices: { type: 'int64', shape: [rows, k] } },
  });
}
