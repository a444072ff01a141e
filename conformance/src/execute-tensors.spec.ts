import * as tf from '@tensorflow/tfjs-core';
import { readSafetensors } from '@tfjs-sparse/core';
import { goldenBytes } from '../oracle/golden-bytes.js';
import { oracleOps } from '../oracle/oracle-ops.js';
import { drawTensor, type TensorSource } from '../oracle/tensor-source.js';
import { compareExecution } from './compare.js';
import { executeTensors } from './execute-tensors.js';
import { goldenCases } from './golden-file.js';
import type { TensorOperation } from './tensor-operation.js';

const scaledMatMul: TensorOperation = {
  op: 'scaled-mat-mul',
  needs: 'withFeatures',
  forward: ({ x, weights }, { scale }) => tf.mul(tf.matMul(x as tf.Tensor2D, weights as tf.Tensor2D), scale as number),
  define({ x, weights }, { scale }) {
    const [rows, inner] = x.shape;
    const columns = weights.shape[1];
    const values = Array.from({ length: rows * columns }, (_, index) => {
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        sum += x.values[Math.floor(index / columns) * inner + k] * weights.values[k * columns + (index % columns)];
      }
      return sum * (scale as number);
    });
    return { shape: [rows, columns], values };
  },
};

const source: TensorSource = {
  id: 'scaled-mat-mul/small',
  tolerance: { output: 1e-6, gradient: 1e-6, reason: 'sums of four products' },
  inputs: { x: drawTensor([3, 4], 1), weights: drawTensor([4, 2], 2) },
  attrs: { scale: 3 },
  gradients: ['x', 'weights'],
  seed: 3,
};

describe('executeTensors', () => {
  const definition = { id: source.id, build: () => source };
  const [golden] = goldenCases(readSafetensors(goldenBytes([definition], scaledMatMul)), '');

  async function problems(operation: TensorOperation): Promise<(string | null)[]> {
    const before = tf.memory().numTensors;
    const execution = await executeTensors(golden, operation, oracleOps);
    expect(tf.memory().numTensors).toBe(before);
    return compareExecution(golden, execution).map(({ problem }) => problem);
  }

  it('finds output and gradients right', async () => {
    expect(await problems(scaledMatMul)).toEqual([null, null, null]);
  });

  it('catches a wrong value', async () => {
    const forward: TensorOperation['forward'] = (...call) => tf.add(scaledMatMul.forward(...call), 1e-3);
    expect((await problems({ ...scaledMatMul, forward }))[0]).toMatch(/^out_features: off by/);
  });

  it('catches a wrong shape', async () => {
    const forward: TensorOperation['forward'] = (...call) => tf.transpose(scaledMatMul.forward(...call));
    expect((await problems({ ...scaledMatMul, forward }))[0]).toMatch(/must have shape \[3,2\], got \[2,3\]/);
  });

  it('catches a wrong gradient of one input', async () => {
    const doubled = tf.customGrad((x) => ({ value: tf.clone(x as tf.Tensor), gradFunc: (dy) => tf.mul(dy, 2) }));
    const forward: TensorOperation['forward'] = ({ x, weights }, attrs, ops) =>
      scaledMatMul.forward({ x, weights: doubled(weights) }, attrs, ops);
    const [output, x, weights] = await problems({ ...scaledMatMul, forward });
    expect([output, x]).toEqual([null, null]);
    expect(weights).toMatch(/^grad_weights: off by/);
  });
});
