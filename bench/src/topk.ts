import { batchTopK, topK } from '@tfjs-sparse/topk';
import type { Tensor2D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import type { OnnxGraph } from './onnx-model.js';
import { autoencode, runMlp, trainAutoencoder } from './topk-autoencoder.js';
import { compare, onnxFloats, onnxIntegers } from './topk-comparison.js';
import { decode, decodeGradients } from './topk-decode.js';

/**
 * `rows/<rows>x<width>/<k>`: the k greatest of each row; `batch/<rows>x<width>/<k>`: rows * k of all; `decode/<rows>x<k>/
 * <features>x<width>` and `decode-gradients/...`: k-sparse rows times a dictionary; `sae/<rows>x<width>x<features>/<k>`:
 * encode, top-k, decode; `/train-step` with the loss and all gradients; `mlp/<rows>x<width>x<hidden>/k<k>`: of the hidden
 * layer k a row.
 */
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
  { name: 'batch/256x24576/32', run: (context) => selectInBatch(context, 256, 24576, 32) },
  { name: 'decode/1024x32/32768x768', run: (context) => decode(context, decodeShape) },
  { name: 'decode-gradients/1024x32/32768x768', run: (context) => decodeGradients(context, decodeShape) },
  { name: 'sae/256x768x24576/32', run: (context) => autoencode(context, autoencoderShape) },
  { name: 'sae/256x768x24576/32/train-step', run: (context) => trainAutoencoder(context, autoencoderShape) },
  {
    name: 'mlp/256x256x1024/k64',
    run: (context) => runMlp(context, { rows: 256, width: 256, features: 1024, k: 64 }),
  },
];

const decodeShape = { rows: 1024, k: 32, features: 32768, width: 768 };
const autoencoderShape = { rows: 256, width: 768, features: 24576, k: 32 };

async function selectPerRow(context: BenchContext, rows: number, width: number, k: number) {
  const { tf } = context;
  const x = tf.randomNormal([rows, width], 0, 1, 'float32', 1) as Tensor2D;
  const graph: OnnxGraph = {
    nodes: [{ op: 'TopK', inputs: ['x', 'k'], outputs: ['values', 'indices'] }],
    inputs: { x: await onnxFloats(x), k: onnxIntegers([k]) },
    outputs: { values: { type: 'float32', shape: [rows, k] }, indices: { type: 'int64', shape: [rows, k] } },
  };
  const row = await compare(context, {
    ours: () => tf.dispose(Object.values(topK(x, { k }))),
    tfjs: { topk: () => tf.dispose(Object.values(tf.topk(x, k))) },
    onnx: graph,
    passFloats: rows * width,
  });
  x.dispose();
  return row;
}

async function selectInBatch(context: BenchContext, rows: number, width: number, k: number) {
  const { tf } = context;
  const x = tf.randomNormal([rows, width], 0, 1, 'float32', 1) as Tensor2D;
  const flat = tf.reshape(x, [rows * width]);
  const row = await compare(context, {
    ours: () => tf.dispose(Object.values(batchTopK(x, { k }))),
    tfjs: { topk: () => tf.dispose(Object.values(tf.topk(flat, rows * k))) },
    onnx: null,
    passFloats: rows * width,
  });
  tf.dispose([x, flat]);
  return row;
}
