import * as tf from '@tensorflow/tfjs-core';
import * as field from './fields.js';
import type { GoldenCase } from './golden-file.js';
import { floatsOf, operandTypeOf, requiredTensor } from './golden-tensors.js';
import { readValues, type Execution, type HostOutput } from './host-output.js';
import {
  cotangentName,
  outputTensorName,
  requireOperands,
  requireOperandType,
  type BoundOperation,
  type RunnableOperation,
  type Tensors,
} from './tensor-operation.js';

/**
 * Runs a case of an op on dense tensors forwards, and backwards from every output that its golden has a cotangent of to
 * every input that it has a gradient of.
 *
 * @throws RangeError or TypeError for what the golden says and the operation does not know
 */
export async function executeTensors(golden: GoldenCase, operation: RunnableOperation): Promise<Execution> {
  const { bound, names } = boundCase(golden, operation);
  const inputs = Object.fromEntries(names.map((name) => [name, inputTensor(golden, operation, name)]));
  const wanted = names.filter((name) => golden.tensors.has(`grad_${name}`));
  const run = (leaves: readonly tf.Tensor[]) => {
    const given = { ...inputs, ...Object.fromEntries(wanted.map((name, index) => [name, leaves[index]])) };
    return bound.forward(given) as Tensors;
  };
  const leaves = wanted.map((name) => inputs[name]);
  const made: tf.Tensor[] = Object.values(inputs);
  try {
    // What an asynchronous op does not free itself is a leak; no tidy could wait for it.
    const outputs = bound.isAsync ? await bound.forward(inputs) : tf.tidy(() => ({ ...run(leaves) }));
    made.push(...Object.values(outputs));
    requireOutputs(operation, outputs);
    const gradients = gradientsOf(run, leaves, golden, operation, outputs);
    made.push(...gradients);
    const [hostOutputs, gradientValues] = await Promise.all([
      Promise.all(Object.entries(outputs).map(([name, output]) => readOutput(operation, name, output))),
      Promise.all(gradients.map((gradient) => gradient.data<'float32'>())),
    ]);
    return {
      outputs: new Map(hostOutputs),
      gradients: new Map(gradientValues.map((values, index) => [wanted[index], values.slice()])),
    };
  } finally {
    tf.dispose(made);
  }
}

/** The operation with the case's attributes, and the operands that the case has. */
function boundCase(
  golden: GoldenCase,
  operation: RunnableOperation,
): { bound: BoundOperation; names: readonly string[] } {
  const [layer, ...others] = golden.layers;
  if (others.length > 0) {
    throw new RangeError(`golden: a case of '${operation.op}' must have one layer, got ${golden.layers.length}`);
  }
  const { in: names, attrs } = field.readFields(layer, layerFields, `layer '${layer.name}' (${layer.op})`);
  requireOperands(operation, names);
  requireKnownTensors(golden, operation, names);
  return { bound: operation.bind(attrs ?? {}), names };
}

interface TensorLayer {
  readonly name: string;
  readonly op: string;
  readonly in: readonly string[];
  readonly attrs?: object;
}

const layerFields: field.Fields<TensorLayer> = {
  name: field.text,
  op: field.text,
  in: field.listOf(field.text),
  attrs: (value, where) => {
    if (typeof value === 'object' && value !== null) return value;
    if (value !== undefined) throw new RangeError(`${where} must be an object, got ${JSON.stringify(value)}`);
    return undefined;
  },
};

function requireKnownTensors(
  { id, tensors }: GoldenCase,
  operation: RunnableOperation,
  names: readonly string[],
): void {
  const known = new Set(names.flatMap((name) => [name, `grad_${name}`]));
  for (const name of Object.keys(operation.outputs)) {
    const stored = outputTensorName(operation, name);
    known.add(stored).add(cotangentName(operation, name));
    if (!tensors.has(stored)) {
      throw new RangeError(`${operation.op}: the golden must have output '${name}' (${stored}), got none`);
    }
  }
  for (const name of tensors.keys()) {
    if (!known.has(name)) throw new RangeError(`golden: tensors of ${id} must be known to its op, got '${name}'`);
  }
}

function inputTensor(golden: GoldenCase, { op, inputs }: RunnableOperation, name: string): tf.Tensor {
  const stored = requiredTensor(golden, name);
  requireOperandType(op, `operand '${name}'`, inputs[name], operandTypeOf(stored));
  const values = stored.values.slice() as tf.TypedArray;
  return tf.tensor(values, [...stored.shape], inputs[name]);
}

function requireOutputs({ op, outputs: stated }: RunnableOperation, outputs: Tensors): void {
  const [expected, given] = [Object.keys(stated).sort(), Object.keys(outputs).sort()];
  if (expected.join() !== given.join()) {
    throw new RangeError(`${op}: outputs must be [${expected.join(', ')}], got [${given.join(', ')}]`);
  }
  for (const name of expected) requireOperandType(op, `output '${name}'`, stated[name], outputs[name].dtype);
}

/** One per leaf; none where no output has a cotangent that it can take: of another shape the comparison says so. */
function gradientsOf(
  run: (leaves: readonly tf.Tensor[]) => Tensors,
  leaves: tf.Tensor[],
  golden: GoldenCase,
  operation: RunnableOperation,
  outputs: Tensors,
): tf.Tensor[] {
  const taken = Object.keys(outputs).filter((name) => {
    return golden.tensors.get(cotangentName(operation, name))?.shape.join() === outputs[name].shape.join();
  });
  if (taken.length === 0 || leaves.length === 0) return [];
  const dys = taken.map((name) => {
    const stored = cotangentName(operation, name);
    return tf.tensor(floatsOf(golden, stored).slice(), [...outputs[name].shape]);
  });
  const [first, ...others] = taken;
  // tfjs differentiates one tensor: of several outputs that is sum(y * dy), whose gradient to each y is its dy.
  const gradients =
    others.length === 0
      ? tf.grads((...tensors) => run(tensors)[first])(leaves, dys[0])
      : tf.grads((...tensors) => {
          const made = run(tensors);
          return tf.addN(taken.map((name, index) => tf.sum(tf.mul(made[name], dys[index]))));
        })(leaves);
  tf.dispose(dys);
  return gradients;
}

async function readOutput(
  operation: RunnableOperation,
  name: string,
  output: tf.Tensor,
): Promise<[string, HostOutput]> {
  const { dtype, shape } = output;
  return [outputTensorName(operation, name), { dtype, shape, values: await readValues(output), rows: null }];
}
