import { batchTopK, encodeTopK, sparseDecode, topK } from '@tfjs-sparse/topk';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { measure } from './measure.js';
import { onnxRun, type OnnxGraph } from './onnx-model.js';
import { passOver } from './pass.js';
import { yardsticks } from './yardsticks.js';

/**
 * `rows/<rows>x<width>/<k>`: the k greatest of each row; `batch/<rows>x<width>/<k>`: rows * k of all; `decode/<rows>x<k>/
 * <features>x<width>` and `decode-gradients/...`: k-sparse rows times a dictionary; `sae/<rows>x<width>x<features>/<k>`:
 * encode, top-k, decode.
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
  { name: 'sae/256x768x24576/32', run: (context) => autoencode(context, 256, 768, 24576, 32) },
];

const decodeShape = { rows: 1024, k: 32, features: 32768, width: 768 };
type DecodeShape = typeof decodeShape;

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

async function decode(context: BenchContext, shape: DecodeShape) {
  const { tf } = context;
  const { rows, k, features, width } = shape;
  const { values, indices, dictionary, dense } = drawEntries(context, shape);
  const graph: OnnxGraph = {
    nodes: [
      { op: 'Gather', inputs: ['dictionary', 'indices'], outputs: ['gathered'], integers: { axis: 0 } },
      { op: 'Mul', inputs: ['gathered', 'values'], outputs: ['weighted'] },
      { op: 'ReduceSum', inputs: ['weighted', 'axes'], outputs: ['y'], integers: { keepdims: 0 } },
    ],
    initializers: { dictionary: await onnxFloats(dictionary), axes: onnxIntegers([1]) },
    inputs: {
      indices: { type: 'int32', shape: [rows, k], values: (await indices.data()) as Int32Array },
      values: { ...(await onnxFloats(values)), shape: [rows, k, 1] },
    },
    outputs: { y: { type: 'float32', shape: [rows, width] } },
  };
  const row = await compare(context, {
    ours: () => sparseDecode({ values, indices }, dictionary).dispose(),
    tfjs: {
      // the product of dense rows takes four times as long
      gather: () => tf.tidy(() => gatherDecode(context, values, indices, dictionary)).dispose(),
    },
    onnx: graph,
    passFloats: features * width,
  });
  tf.dispose([values, indices, dictionary, dense]);
  return row;
}

async function decodeGradients(context: BenchContext, shape: DecodeShape) {
  const { tf } = context;
  const { values, indices, dictionary, dense } = drawEntries(context, shape);
  const dy = tf.randomNormal([shape.rows, shape.width], 0, 1, 'float32', 5);
  const ours = tf.grads((v: Tensor, d: Tensor) => sparseDecode({ values: v, indices }, d as Tensor2D));
  const matMul = tf.grads((x: Tensor, d: Tensor) => tf.matMul(x, d));
  const row = await compare(context, {
    ours: () => tf.dispose(ours([values, dictionary], dy)),
    tfjs: { dense: () => tf.dispose(matMul([dense, dictionary], dy)) }, // tfjs' wasm backend has no gradient of gather
    onnx: null,
    passFloats: shape.features * shape.width,
  });
  tf.dispose([values, indices, dictionary, dense, dy]);
  return row;
}

async function autoencode(context: BenchContext, rows: number, width: number, features: number, k: number) {
  const { tf } = context;
  const x = tf.randomNormal([rows, width], 0, 1, 'float32', 1) as Tensor2D;
  const [encoder, decoder] = [2, 3].map(
    (seed) => tf.randomNormal([features, width], 0, 0.05, 'float32', seed) as Tensor2D,
  );
  const weights = tf.transpose(encoder);
  const flops = 2 * rows * width * features + 2 * rows * k * width;
  const graph: OnnxGraph = {
    nodes: [
      { op: 'MatMul', inputs: ['x', 'encoder'], outputs: ['products'] },
      { op: 'TopK', inputs: ['products', 'k'], outputs: ['values', 'indices'] },
      { op: 'Gather', inputs: ['decoder', 'indices'], outputs: ['gathered'], integers: { axis: 0 } },
      { op: 'Unsqueeze', inputs: ['values', 'last'], outputs: ['factors'] },
      { op: 'Mul', inputs: ['gathered', 'factors'], outputs: ['weighted'] },
      { op: 'ReduceSum', inputs: ['weighted', 'axes'], outputs: ['y'], integers: { keepdims: 0 } },
    ],
    initializers: {
      encoder: await onnxFloats(weights),
      decoder: await onnxFloats(decoder),
      k: onnxIntegers([k]),
      last: onnxIntegers([2]),
      axes: onnxIntegers([1]),
    },
    inputs: { x: await onnxFloats(x) },
    outputs: { y: { type: 'float32', shape: [rows, width] } },
  };
  const row = await compare(context, {
    ours: () => tf.tidy(() => sparseDecode(encodeTopK(x, encoder, { k }), decoder)).dispose(),
    tfjs: {
      gather: () =>
        tf
          .tidy(() => {
            const { values, indices } = tf.topk(tf.matMul(x, weights), k);
            return gatherDecode(context, values, indices as Tensor2D, decoder);
          })
          .dispose(),
    },
    onnx: graph,
    passFloats: features * width,
    flops,
  });
  tf.dispose([x, encoder, decoder, weights]);
  return row;
}

/** Rows of the dictionary, weighted and added by tfjs' own ops. */
function gatherDecode({ tf }: BenchContext, values: Tensor, indices: Tensor, dictionary: Tensor): Tensor {
  return tf.sum(tf.mul(tf.gather(dictionary, indices.toInt()), tf.expandDims(values, 2)), 1);
}

/** k different features in each row, and the same rows dense. */
function drawEntries({ tf }: BenchContext, { rows, k, features, width }: DecodeShape) {
  const spread = Math.floor(features / k);
  const dictionary = tf.randomNormal([features, width], 0, 1, 'float32', 2) as Tensor2D;
  const values = tf.randomNormal([rows, k], 0, 1, 'float32', 3) as Tensor2D;
  const indices = tf.tidy(() => {
    const drawn = tf.randomUniform([rows, k], 0, spread, 'int32', 4);
    return tf.add(drawn, tf.range(0, k * spread, spread, 'int32')) as Tensor2D;
  });
  const dense = tf.buffer([rows, features]);
  const [hostValues, hostIndices] = [values.dataSync(), indices.dataSync()];
  hostValues.forEach((value, i) => dense.set(value, Math.floor(i / k), hostIndices[i]));
  return { dictionary, values, indices, dense: dense.toTensor() as Tensor2D };
}

interface Comparison {
  readonly ours: () => void;
  /** Ways of tfjs; the fastest counts. */
  readonly tfjs: Readonly<Record<string, () => void>>;
  readonly onnx: OnnxGraph | null;
  /** Floats that one pass reads. */
  readonly passFloats: number;
  readonly flops?: number;
}

async function compare(context: BenchContext, { ours, tfjs, onnx, passFloats, flops }: Comparison) {
  const yard = yardsticks(context);
  const times: Record<string, number> = await measure({
    ours,
    ...tfjs,
    pass: passOver(passFloats),
    ...yard.contenders,
  });
  // Apart: onnxruntime leaves its outputs to the garbage collector, which would run in the next contender's time.
  const onnxruntime = onnx && (await onnxRun(context, onnx));
  const besideOnnx = onnxruntime && (await measure({ ours, onnxruntime }));
  yard.dispose();
  const fastest = Math.min(...Object.keys(tfjs).map((name) => times[name]));
  const rates = flops
    ? yard.rates(flops, times.ours, { matMul: times.matMul, peak: times.peak })
    : { gflops: null, percentOfPeak: null, rateVsMatMul: null };
  return {
    threads: 1,
    ms: times.ours,
    ...rates,
    speedup: {
      tfjs: fastest / times.ours,
      ...(besideOnnx ? { onnxruntime: besideOnnx.onnxruntime / besideOnnx.ours } : {}),
    },
    details: { passes: times.ours / times.pass },
  };
}

async function onnxFloats(tensor: Tensor) {
  return { type: 'float32', shape: tensor.shape, values: (await tensor.data()) as Float32Array } as const;
}

function onnxIntegers(values: readonly number[]) {
  return { type: 'int64', shape: [values.length], values: BigInt64Array.from(values, BigInt) } as const;
}
