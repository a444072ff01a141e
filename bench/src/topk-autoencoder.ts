import { encodeTopK, sparseDecode, topK } from '@tfjs-sparse/topk';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { BenchContext } from './bench.js';
import { brief } from './measure.js';
import type { OnnxGraph } from './onnx-model.js';
import { compare, onnxFloats, onnxIntegers } from './topk-comparison.js';
import { gatherDecode, productGradients, type EntriesShape } from './topk-decode.js';

/** Encoder, top-k and decoder of a sparse autoencoder. */
export async function autoencode(context: BenchContext, shape: EntriesShape) {
  const { rows, width, features, k } = shape;
  const { tf } = context;
  const { x, encoder, decoder } = drawAutoencoder(context, shape);
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
    effort: brief,
    details: { tilesWithoutCandidates: tilesWithoutCandidates(tf.matMul(x, weights), k) },
  });
  tf.dispose([x, encoder, decoder, weights]);
  return row;
}

/**
 * A step of training without its optimizer: loss and gradients of encoder, decoder and both biases. tfjs' way is dense: the
 * pre-activations times the mask of their greatest, and products with `productGradients`.
 */
export async function trainAutoencoder(context: BenchContext, shape: EntriesShape) {
  const { tf } = context;
  const { features, width, k } = shape;
  const { x, encoder, decoder } = drawAutoencoder(context, shape);
  const encoderBias = tf.randomNormal([features], 0, 0.1, 'float32', 4) as Tensor1D;
  const decoderBias = tf.randomNormal([width], 0, 0.1, 'float32', 5) as Tensor1D;
  const weights = tf.transpose(encoder);
  const loss = (y: Tensor) => tf.mean(tf.square(tf.sub(y, x)));
  const ours = tf.valueAndGrads((e: Tensor, d: Tensor, ofE: Tensor, ofD: Tensor) =>
    loss(
      sparseDecode(encodeTopK(x, e as Tensor2D, { k, bias: ofE as Tensor1D }), d as Tensor2D, {
        bias: ofD as Tensor1D,
      }),
    ),
  );
  const keepGreatest = tf.customGrad((products, save) => {
    const { values } = tf.topk(products as Tensor, k);
    const mask = tf.cast(tf.greaterEqual(products as Tensor, tf.slice(values, [0, k - 1], [-1, 1])), 'float32');
    (save as (saved: Tensor[]) => void)([mask]);
    return {
      value: tf.mul(products as Tensor, mask),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => tf.mul(dy, saved),
    };
  });
  const encode = tf.customGrad((e) => ({
    value: tf.matMul(x, e as Tensor),
    gradFunc: (dy: Tensor) => tf.matMul(tf.transpose(x), dy),
  }));
  const product = tf.customGrad((a, b, save) => {
    (save as (saved: Tensor[]) => void)([a as Tensor, b as Tensor]);
    return {
      value: tf.matMul(a as Tensor, b as Tensor),
      gradFunc: (dy: Tensor, [savedA, savedB]: Tensor[]) => productGradients(context, savedA, savedB, dy),
    };
  });
  const dense = tf.valueAndGrads((e: Tensor, d: Tensor, ofE: Tensor, ofD: Tensor) =>
    loss(tf.add(product(keepGreatest(tf.add(encode(e), ofE)), d), ofD)),
  );
  const row = await compare(context, {
    ours: () => disposeStep(ours([encoder, decoder, encoderBias, decoderBias])),
    tfjs: { dense: () => disposeStep(dense([weights, decoder, encoderBias, decoderBias])) },
    onnx: null,
    passFloats: features * width,
    effort: brief,
  });
  tf.dispose([x, encoder, decoder, encoderBias, decoderBias, weights]);
  return row;

  function disposeStep({ value, grads }: { readonly value: Tensor; readonly grads: Tensor[] }): void {
    tf.dispose([value, ...grads]);
  }
}

/** Two layers with the k greatest of the hidden ones after its ReLU, against tfjs' with all of them. */
export async function runMlp(context: BenchContext, shape: EntriesShape) {
  const { tf } = context;
  const { rows, width, features, k } = shape;
  const { x, encoder, decoder } = drawAutoencoder(context, shape);
  const bias = tf.randomNormal([features], 0, 0.1, 'float32', 4) as Tensor1D;
  const weights = tf.transpose(encoder);
  const row = await compare(context, {
    ours: () =>
      tf
        .tidy(() => {
          // Where one of sixteen features counts, whole products are faster than lists of candidates (encodeTopK).
          const hidden = tf.fused.matMul({ a: x, b: weights, bias, activation: 'relu' });
          return sparseDecode(topK(hidden, { k }), decoder);
        })
        .dispose(),
    tfjs: {
      dense: () =>
        tf.tidy(() => tf.matMul(tf.fused.matMul({ a: x, b: weights, bias, activation: 'relu' }), decoder)).dispose(),
    },
    onnx: null,
    passFloats: 2 * features * width,
    flops: 2 * rows * width * (features + k),
  });
  tf.dispose([x, encoder, decoder, bias, weights]);
  return row;
}

function drawAutoencoder({ tf }: BenchContext, { rows, width, features }: EntriesShape) {
  const x = tf.randomNormal([rows, width], 0, 1, 'float32', 1) as Tensor2D;
  const [encoder, decoder] = [2, 3].map(
    (seed) => tf.randomNormal([features, width], 0, 0.05, 'float32', seed) as Tensor2D,
  );
  return { x, encoder, decoder };
}

/**
 * The share of tiles (eight products of a row) of which none exceeds the bound of its row, by the rule of encodeTopK on
 * wasm: what exceeds the bound is noted, and a full list is cut down to its k greatest, the least of which is the next
 * bound.
 */
function tilesWithoutCandidates(products: Tensor, k: number): number {
  const [rows, features] = products.shape;
  const values = products.dataSync();
  products.dispose();
  const tile = 8;
  const listLength = 4 * k + 32;
  let without = 0;
  for (let row = 0; row < rows; row++) {
    let list: number[] = [];
    let bound = -Infinity;
    for (let first = 0; first < features; first += tile) {
      let hasCandidate = false;
      for (const value of values.subarray(row * features + first, row * features + Math.min(first + tile, features))) {
        if (value <= bound) continue;
        hasCandidate = true;
        list.push(value);
        if (list.length < listLength) continue;
        list = list.sort((a, b) => b - a).slice(0, k);
        bound = list[k - 1];
      }
      if (!hasCandidate) without++;
    }
  }
  return without / (rows * Math.ceil(features / tile));
}
