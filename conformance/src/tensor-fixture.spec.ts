import * as tf from '@tensorflow/tfjs-core';
import { readSafetensors, sparseTensor } from '@tfjs-sparse/core';
import { goldenBytes } from '../oracle/golden-bytes.js';
import { drawTensor, type TensorSource } from '../oracle/tensor-source.js';
import { compareExecution } from './compare.js';
import { executeTensors } from './execute-tensors.js';
import { goldenCases, type GoldenCase } from './golden-file.js';
import type { Operations } from './operations.js';
import { runnableOperation, type AsyncTensorOperation, type TensorOperation } from './tensor-operation.js';

/** The largest of each row and its column, after a shift that is int32. */
export const largest: TensorOperation<object> = {
  op: 'largest',
  inputs: { x: 'float32', shift: 'int32' },
  outputs: { values: 'float32', columns: 'int32' },
  attributes: {},
  forward: ({ x, shift }) => ({ values: tf.max(x, 1), columns: tf.add(tf.argMax(x, 1), shift) }),
  define({ x, shift }) {
    const [rows, width] = x.shape;
    const row = (index: number) => x.values.slice(index * width, (index + 1) * width);
    const greatest = Array.from({ length: rows }, (_, index) => Math.max(...row(index)));
    const columns = greatest.map((value, index) => row(index).indexOf(value) + shift.values[0]);
    return { values: { shape: [rows], values: greatest }, columns: { shape: [rows], values: columns } };
  },
};

export const largestSource: TensorSource = {
  id: 'largest/small',
  tolerance: { output: 0, gradient: 1e-6, reason: 'values are copied; finite differences' },
  inputs: {
    x: drawTensor([4, 5], 11),
    shift: { shape: [], values: [2 ** 25 + 1], dtype: 'int32' }, // no float32 has it
  },
  gradients: ['x'],
  seed: 12,
};

/** The golden that the oracle makes of a case. */
export function goldenOf<Attrs extends object>(source: TensorSource, operation: TensorOperation<Attrs>): GoldenCase {
  const definition = { id: source.id, build: () => source };
  return goldenCases(readSafetensors(goldenBytes([definition], [], runnableOperation(operation))), '')[0];
}

/** What the comparisons find, in order; nothing may be left behind. */
export async function problems<Attrs extends object>(
  golden: GoldenCase,
  operation: TensorOperation<Attrs> | AsyncTensorOperation<Attrs>,
): Promise<(string | null)[]> {
  const before = tf.memory().numTensors;
  const execution = await executeTensors(golden, runnableOperation(operation));
  expect(tf.memory().numTensors).toBe(before);
  return compareExecution(golden, execution).map(({ problem }) => problem);
}

/** The operation with its outputs changed. */
export function changed<Attrs extends object>(
  operation: TensorOperation<Attrs>,
  change: (outputs: Readonly<Record<string, tf.Tensor>>) => Readonly<Record<string, tf.Tensor>>,
): TensorOperation<Attrs> {
  return { ...operation, forward: (...call) => change(operation.forward(...call)) };
}

/** One operation, as it is handed to the runner. */
export function operationsOf<Attrs extends object>(operation: TensorOperation<Attrs>): Operations {
  return { makeSites: sparseTensor, layers: [], tensorOperations: [runnableOperation(operation)] };
}

/** A value whose gradient is twice the right one. */
export function withDoubledGradient(tensor: tf.Tensor): tf.Tensor {
  return tf.customGrad((x) => ({ value: tf.clone(x as tf.Tensor), gradFunc: (dy) => tf.mul(dy, 2) }))(tensor);
}
