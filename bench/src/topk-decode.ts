import { sparseDecode } from '@tfjs-sparse/topk';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { BenchContext } from './bench.js';
import { brief } from './measure.js';
import type { OnnxGraph } from './onnx-model.js';
import { compare, onnxFloats, onnxIntegers } from './topk-comparison.js';

export interface EntriesShape {
  readonly rows: number;
  readonly k: number;
  readonly features: number;
  readonly width: number;
}

export async function decode(context: BenchContext, shape: EntriesShape) {
  const { tf } = context;
  const { rows, k, features, width } = shape;
  const { values, indices, dictionary } = drawEntries(context, shape);
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
    effort: brief,
  });
  tf.dispose([values, indices, dictionary]);
  return row;
}

export async function decodeGradients(context: BenchContext, shape: EntriesShape) {
  const { tf } = context;
  const { values, indices, dictionary } = drawEntries(context, shape);
  const dense = denseRows(context, values, indices, shape);
  const dy = tf.randomNormal([shape.rows, shape.width], 0, 1, 'float32', 5);
  const ours = tf.grads((v: Tensor, d: Tensor) => sparseDecode({ values: v, indices }, d as Tensor2D));
  // tfjs multiplies by a transposed operand six times slower than by what was transposed before, and has no gradient of gather.
  const products = () => tf.tidy(() => productGradients(context, dense, dictionary, dy));
  const row = await compare(context, {
    ours: () => tf.dispose(ours([values, dictionary], dy)),
    tfjs: { dense: () => tf.dispose(products()) },
    onnx: null,
    passFloats: shape.features * shape.width,
    effort: brief,
  });
  tf.dispose([values, indices, dictionary, dense, dy]);
  return row;
}

/** Rows of the dictionary, weighted and added by tfjs' own ops. */
export function gatherDecode({ tf }: BenchContext, values: Tensor, indices: Tensor, dictionary: Tensor): Tensor {
  return tf.sum(tf.mul(tf.gather(dictionary, indices.toInt()), tf.expandDims(values, 2)), 1);
}

/** Of `a * b` with regard to both, by products of what was transposed before. */
export function productGradients({ tf }: BenchContext, a: Tensor, b: Tensor, dy: Tensor): [Tensor, Tensor] {
  return [tf.matMul(dy, tf.transpose(b)), tf.matMul(tf.transpose(a), dy)];
}

/** k different features in each row. */
function drawEntries({ tf }: BenchContext, { rows, k, features, width }: EntriesShape) {
  const spread = Math.floor(features / k);
  const dictionary = tf.randomNormal([features, width], 0, 1, 'float32', 2) as Tensor2D;
  const values = tf.randomNormal([rows, k], 0, 1, 'float32', 3) as Tensor2D;
  const indices = tf.tidy(() => {
    const drawn = tf.randomUniform([rows, k], 0, spread, 'int32', 4);
    return tf.add(drawn, tf.range(0, k * spread, spread, 'int32')) as Tensor2D;
  });
  return { values, indices, dictionary };
}

function denseRows(
  { tf }: BenchContext,
  values: Tensor,
  indices: Tensor,
  { rows, k, features }: EntriesShape,
): Tensor2D {
  const dense = tf.buffer([rows, features]);
  const [hostValues, hostIndices] = [values.dataSync(), indices.dataSync()];
  hostValues.forEach((value, i) => dense.set(value, Math.floor(i / k), hostIndices[i]));
  return dense.toTensor() as Tensor2D;
}
