import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { sparseTensor, type Epilogue } from '@tfjs-sparse/core';
import '../register.js';
import { submConvOn, submGeometry } from '../subm-conv/op.js';

const rows = Array.from({ length: 40 }, (_, i) => [0, Math.floor(i / 7), (i * 5) % 7]);
const geometry = submGeometry('submConv', { kernelSize: 3 }, 2);

describe('a convolution with an epilogue', () => {
  const x = () => tf.randomNormal([40, 3], 0, 1, 'float32', 1) as tf.Tensor2D;
  const filter = () => tf.randomNormal([9, 3, 5], 0, 1, 'float32', 2) as tf.Tensor3D;
  const bias = () => tf.randomNormal([5], 0, 1, 'float32', 3) as tf.Tensor1D;
  const run = (epilogue: Epilogue<tf.Tensor2D>, a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) => {
    const x = sparseTensor(a as tf.Tensor2D, rows);
    return submConvOn('submConv', x, b as tf.Tensor3D, geometry, { ...epilogue, bias: c as tf.Tensor1D }).features;
  };

  it('has the values and the gradients of the two apart', async () => {
    const dy = tf.randomNormal([40, 5], 0, 1, 'float32', 4);
    const gradientsOf = (f: (...inputs: tf.Tensor[]) => tf.Tensor) => tf.valueAndGrads(f)([x(), filter(), bias()], dy);
    const fused = gradientsOf((a, b, c) => run({ activation: 'relu' }, a, b, c));
    const apart = gradientsOf((a, b, c) => tf.relu(run({}, a, b, c)));
    for (const [got, expected] of [
      [fused.value, apart.value],
      ...fused.grads.map((grad, i) => [grad, apart.grads[i]]),
    ]) {
      expect((await tf.max(tf.abs(tf.sub(got, expected))).data())[0]).toBeLessThan(1e-5);
    }
    expect((await tf.min(fused.value).data())[0]).toBe(0);
  });

  it('adds a residual before ReLU and passes its gradient on', async () => {
    const residual = tf.randomNormal([40, 5], 0, 1, 'float32', 5) as tf.Tensor2D;
    const fused = tf.valueAndGrads((a, r) => {
      return run({ residual: r as tf.Tensor2D, activation: 'relu' }, a, filter(), bias());
    })([x(), residual]);
    const apart = tf.valueAndGrads((a, r) => tf.relu(tf.add(run({}, a, filter(), bias()), r)))([x(), residual]);
    expect((await tf.max(tf.abs(tf.sub(fused.value, apart.value))).data())[0]).toBeLessThan(1e-5);
    for (const i of [0, 1]) {
      expect((await tf.max(tf.abs(tf.sub(fused.grads[i], apart.grads[i]))).data())[0]).toBeLessThan(1e-5);
    }
  });

  it('has relu6 and its gradient', async () => {
    const dy = tf.ones([40, 5]) as tf.Tensor2D;
    const wide = () => tf.mul(x(), 5) as tf.Tensor;
    const fused = tf.valueAndGrad((a: tf.Tensor) => run({ activation: 'relu6' }, a, filter(), bias()))(wide(), dy);
    const apart = tf.valueAndGrad((a: tf.Tensor) => tf.relu6(run({}, a, filter(), bias())))(wide(), dy);
    expect((await tf.max(fused.value).data())[0]).toBe(6);
    expect((await tf.max(tf.abs(tf.sub(fused.value, apart.value))).data())[0]).toBeLessThan(1e-4);
    expect((await tf.max(tf.abs(tf.sub(fused.grad, apart.grad))).data())[0]).toBeLessThan(1e-4);
  });

  it('keeps NaN', async () => {
    const features = tf.mul(x(), NaN);
    const values = await run({ activation: 'relu' }, features, filter(), bias()).data();
    expect(values.every(Number.isNaN)).toBeTrue();
  });
});
