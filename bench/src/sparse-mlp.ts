import { sparseDecode, sparseMLP, topK } from '@tfjs-sparse/topk';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { measure } from './measure.js';

type MLP = (...tensors: Tensor[]) => Tensor;

/**
 * `forward/<rows>x<width>x<hiddenUnits>/<k>` and `gradients/...`, of all inputs: an MLP with top-k activations against the
 * dense one with ReLU (`tfjs`) and against a dense first product whose greatest are chosen after it (`selected`). Their
 * gradients transpose before they multiply, which tfjs' own do not and take ten times as long.
 */
export const sparseMLPCases: readonly BenchCase[] = [16, 32, 64, 128].flatMap((k) => [
  { name: `forward/2048x128x512/${k}`, run: (context: BenchContext) => compare(context, k, false) },
  { name: `gradients/2048x128x512/${k}`, run: (context: BenchContext) => compare(context, k, true) },
]);

async function compare(context: BenchContext, k: number, ofGradients: boolean) {
  const { tf } = context;
  const [rows, width, hiddenUnits] = [2048, 128, 512];
  const product = productWith(context);
  const ways: Record<'ours' | 'tfjs' | 'selected', MLP> = {
    ours: (x, up, upBias, down, downBias) => sparseMLP(x, weightsOf(up, upBias, down, downBias), { k }),
    tfjs: (x, up, upBias, down, downBias) =>
      tf.add(product(tf.relu(tf.add(product(x, tf.transpose(up)), upBias)), down), downBias),
    selected: (x, up, upBias, down, downBias) => {
      const { values, indices } = topK(tf.add(product(x, tf.transpose(up)), upBias), { k });
      return sparseDecode({ values: tf.relu(values), indices }, down as Tensor2D, { bias: downBias as Tensor1D });
    },
  };
  const shapes = [[rows, width], [hiddenUnits, width], [hiddenUnits], [hiddenUnits, width], [width]];
  const tensors = shapes.map((shape, i) => tf.randomNormal(shape, 0, 1, 'float32', i + 1));
  const dy = tf.randomNormal([rows, width], 0, 1, 'float32', 9);
  const runOf = (mlp: MLP) => {
    const gradients = tf.grads(mlp);
    return () => tf.dispose(ofGradients ? gradients(tensors, dy) : tf.tidy(() => mlp(...tensors)));
  };
  const times = await measure({ ours: runOf(ways.ours), tfjs: runOf(ways.tfjs), selected: runOf(ways.selected) });
  tf.dispose([...tensors, dy]);
  return {
    threads: 1,
    ms: times.ours,
    gflops: null,
    percentOfPeak: null,
    rateVsMatMul: null,
    speedup: { tfjs: times.tfjs / times.ours, selected: times.selected / times.ours },
  };
}

function weightsOf(up: Tensor, upBias: Tensor, down: Tensor, downBias: Tensor) {
  return {
    up: up as Tensor2D,
    upBias: upBias as Tensor1D,
    down: down as Tensor2D,
    downBias: downBias as Tensor1D,
  };
}

/** matMul, whose gradient multiplies transposed copies. */
function productWith({ tf }: BenchContext): (a: Tensor, b: Tensor) => Tensor {
  return tf.customGrad((a, b, save) => {
    (save as (tensors: Tensor[]) => void)([a as Tensor, b as Tensor]);
    return {
      value: tf.matMul(a as Tensor, b as Tensor),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [left, right] = saved;
        return [tf.matMul(dy, tf.transpose(right)), tf.matMul(tf.transpose(left), dy)];
      },
    };
  });
}
