import * as tf from '@tensorflow/tfjs-core';
import type { Execution } from './golden-case.js';
import type { GoldenCase } from './golden-file.js';
import { requiredTensor } from './golden-leaves.js';
import type { SparseOps } from './ops.js';
import type { TensorOperation } from './tensor-operation.js';

/** Runs a case of an op on dense tensors forwards, and backwards to every input that its golden has a gradient of. */
export async function executeTensors(
  golden: GoldenCase,
  operation: TensorOperation,
  ops: SparseOps,
): Promise<Execution> {
  const [layer] = golden.layers;
  const inputs = Object.fromEntries(layer.in.map((name) => [name, inputTensor(golden, name)]));
  const wanted = layer.in.filter((name) => golden.tensors.has(`grad_${name}`));
  const run = (...leaves: tf.Tensor[]) => {
    const given = { ...inputs, ...Object.fromEntries(wanted.map((name, index) => [name, leaves[index]])) };
    return operation.forward(given, layer.attrs ?? {}, ops);
  };
  const leaves = wanted.map((name) => inputs[name]);
  const made: tf.Tensor[] = Object.values(inputs);
  try {
    const output = tf.tidy(() => run(...leaves));
    made.push(output);
    const gradients = takesCotangent(output, golden) ? gradientsOf(run, leaves, golden) : [];
    made.push(...gradients);
    const [values, ...gradientValues] = await Promise.all([output, ...gradients].map(read));
    const host = { coordinates: null, inverse: null, shape: output.shape, values };
    return {
      outputs: new Map([[layer.name, host]]),
      gradients: new Map(gradientValues.map((gradient, index) => [wanted[index], gradient])),
      statistics: new Map(),
    };
  } finally {
    tf.dispose(made);
  }
}

function inputTensor(golden: GoldenCase, name: string): tf.Tensor {
  const { values, shape, dtype } = requiredTensor(golden, name);
  if (dtype === 'I32') return tf.tensor(Int32Array.from(values, Number), [...shape], 'int32');
  return tf.tensor(Float32Array.from(values, Number), [...shape], 'float32');
}

/** Of another shape it cannot be differentiated; the comparison says so. */
function takesCotangent({ shape }: tf.Tensor, { tensors }: GoldenCase): boolean {
  return tensors.get('cotangent')?.shape.join() === shape.join();
}

function gradientsOf(run: (...leaves: tf.Tensor[]) => tf.Tensor, leaves: tf.Tensor[], golden: GoldenCase): tf.Tensor[] {
  const dy = inputTensor(golden, 'cotangent');
  const gradients = tf.grads(run)(leaves, dy);
  dy.dispose();
  return gradients;
}

async function read(tensor: tf.Tensor): Promise<Float32Array> {
  return Float32Array.from(await tensor.data());
}
