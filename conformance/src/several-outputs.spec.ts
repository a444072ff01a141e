import * as tf from '@tensorflow/tfjs-core';
import { drawTensor, type TensorSource } from '../oracle/tensor-source.js';
import { runCase } from './run-case.js';
import {
  changed,
  goldenOf,
  largest,
  largestSource,
  operationsOf,
  problems,
  withDoubledGradient,
} from './tensor-fixture.spec.js';
import type { TensorOperation } from './tensor-operation.js';

describe('executeTensors with an int32 input, an int32 and a float32 output', () => {
  const golden = goldenOf(largestSource, largest);

  it('stores integers as they are, and a cotangent of the float32 output alone', () => {
    const stored = [...golden.tensors].map(([name, { dtype }]) => `${name} ${dtype}`);
    expect(stored.sort()).toEqual([
      'cotangent_values F32',
      'grad_x F32',
      'out_columns I32',
      'out_values F32',
      'shift I32',
      'x F32',
    ]);
  });

  it('finds both outputs and the gradient right', async () => {
    expect(await problems(golden, largest)).toEqual([null, null, null]);
  });

  it('catches an integer that is off by one, and says where', async () => {
    const wrong = changed(largest, (y) => ({ ...y, columns: tf.add(y.columns, tf.tensor1d([0, 0, 1, 0], 'int32')) }));
    const expected = (golden.tensors.get('out_columns')?.values as Int32Array)[2];
    expect(await problems(golden, wrong)).toEqual([
      null,
      `out_columns: 1 of 4 wrong, first at [2]: must be ${expected}, got ${expected + 1}`,
      null,
    ]);
  });

  it('catches integers that went through floats', async () => {
    const rounded = (columns: tf.Tensor) => tf.tensor1d(Float32Array.from(columns.dataSync()), 'int32');
    const wrong = changed(largest, (y) => ({ ...y, columns: rounded(y.columns) }));
    expect((await problems(golden, wrong))[1]).toMatch(/^out_columns: . of 4 wrong, first at/);
  });

  it('catches a wrong gradient through one of the outputs', async () => {
    const wrong = changed(largest, (y) => ({ ...y, values: withDoubledGradient(y.values) }));
    expect((await problems(golden, wrong))[2]).toMatch(/^grad_x: off by/);
  });

  it('catches a leak of one output', async () => {
    const leak = changed(largest, (y) => (tf.keep(tf.clone(y.columns)), y)); // forwards, and again for the gradient
    expect((await runCase(golden, operationsOf(leak))).reason).toMatch(/^2 tensors more than before the case/);
  });

  it('catches integers that differ in a second run', async () => {
    let calls = 0;
    const unsteady = changed(largest, (y) => ({ ...y, columns: tf.add(y.columns, tf.scalar(calls++, 'int32')) }));
    const { reason } = await runCase(golden, operationsOf(unsteady)); // which calls it for the gradient in between
    expect(reason).toMatch(/^out_columns: a second run must give the same bits/);
  });

  it('fails a golden without one of the outputs', async () => {
    const tensors = new Map([...golden.tensors].filter(([name]) => name !== 'out_columns'));
    const result = await runCase({ ...golden, tensors }, operationsOf(largest));
    expect(result.reason).toBe("RangeError: largest: the golden must have output 'columns' (out_columns), got none");
  });
});

/** Two float32 outputs of one input: its gradient is the sum of what both hand back. */
const halfAndSquare: TensorOperation<object> = {
  op: 'half-and-square',
  inputs: { x: 'float32' },
  outputs: { half: 'float32', square: 'float32' },
  attributes: {},
  forward: ({ x }) => ({ half: tf.mul(x, 0.5), square: tf.square(x) }),
  define: ({ x }) => ({
    half: { shape: x.shape, values: x.values.map((value) => value / 2) },
    square: { shape: x.shape, values: x.values.map((value) => value ** 2) },
  }),
};

describe('executeTensors with two float32 outputs', () => {
  const source: TensorSource = {
    id: 'half-and-square/small',
    tolerance: { output: 1e-6, gradient: 1e-6, reason: 'one product' },
    inputs: { x: drawTensor([6], 21) },
    gradients: ['x'],
    seed: 22,
  };

  it('differentiates both', async () => {
    const golden = goldenOf(source, halfAndSquare);
    expect([...golden.tensors.keys()].filter((name) => name.startsWith('cotangent'))).toEqual([
      'cotangent_half',
      'cotangent_square',
    ]);
    expect(await problems(golden, halfAndSquare)).toEqual([null, null, null]);
  });

  it('differentiates the one that the case names', async () => {
    const golden = goldenOf({ ...source, differentiated: ['square'] }, halfAndSquare);
    expect(golden.tensors.has('cotangent_half')).toBe(false);
    expect(await problems(golden, halfAndSquare)).toEqual([null, null, null]);
  });

  it('catches outputs that are exchanged', async () => {
    const exchanged = changed(halfAndSquare, ({ half, square }) => ({ half: square, square: half }));
    expect((await problems(goldenOf(source, halfAndSquare), exchanged))[1]).toMatch(/^out_square: off by/);
  });

  it('does not make a case that differentiates integers', () => {
    const integers = { ...largestSource, differentiated: ['columns'] };
    expect(() => goldenOf(integers, largest)).toThrowError(
      TypeError,
      "largest: differentiated output 'columns' must be float32, got int32",
    );
  });
});
