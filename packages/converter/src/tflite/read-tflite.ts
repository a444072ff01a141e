import { FormatError, requireFormat } from '../format-error.js';
import type { Graph } from '../graph/graph.js';
import { requireCovered } from '../lowering/covered.js';
import { plain } from '../lowering/layout.js';
import { TensorBuilder } from '../lowering/tensor-builder.js';
import type { Length, Value } from '../lowering/value.js';
import { wellFormedAtOnce } from '../lowering/well-formed.js';
import { removeUnused } from '../passes/remove-unused.js';
import { tfliteOps } from './ops/index.js';
import { elementTypeOf, initialValue } from './tensor-values.js';
import { readTfliteFile, type TfliteModel, type TfliteOperator } from './tflite-model.js';
import { TfliteOptions } from './tflite-operation.js';

const name = 'readTflite';

/**
 * A TFLite model as a graph with the same inputs and outputs, by their names. Weights are densified and dequantised; biases and
 * activations are parts of convolutions, paddings are nodes of their own, as in the file.
 *
 * All of a quantised network is in real numbers: its inputs and outputs are float32 too, and nothing is rounded between them
 * (QUANTIZE and DEQUANTIZE change nothing). Rounding would be nodes that make results worse, and nothing faster.
 *
 * @throws FormatError that names all operators which are not covered, with their outputs; and for what does not fit the file
 */
export function readTflite(file: ArrayBuffer): Graph {
  return wellFormedAtOnce(name, () => {
    const model = readTfliteFile(file);
    const uncovered = model.operators.filter(({ op }) => !Object.hasOwn(tfliteOps, op));
    requireCovered(name, 'operators', uncovered.map((operator) => [operator.op, placeOf(model, operator)])); // prettier-ignore
    return graphOf(model);
  });
}

function graphOf(model: TfliteModel): Graph {
  const builder = new TensorBuilder();
  const values = new Map<number, Value>();
  model.inputs.forEach((index, i) => values.set(index, inputOf(builder, model, index, i)));
  const valueOf = (index: number): Value => {
    const known = values.get(index);
    if (known) return known;
    const tensor = model.tensor(index);
    builder.scope = tensor.name;
    const value = initialValue(builder, model, tensor);
    requireFormat(value !== null, name, 'operators must read what inputs, constants or operators before them give', tensor.name); // prettier-ignore
    values.set(index, value);
    return value;
  };
  for (const operator of model.operators) {
    const { op, outputs } = operator;
    const inputs = operator.inputs.map((index) => (index < 0 ? null : valueOf(index)));
    builder.scope = placeOf(model, operator);
    const operation = { builder, op, inputs, outputs: outputs.map((index) => model.tensor(index)), options: new TfliteOptions(operator.options) }; // prettier-ignore
    const made = named(model, operator, () => [tfliteOps[op](operation)].flat());
    made.forEach((value, i) => values.set(outputs[i], value));
  }
  model.outputs.forEach((index, i) => {
    const value = valueOf(index);
    const output = model.tensor(index).name || `output_${i}`;
    builder.scope = output;
    builder.output(output, plain(builder, value));
  });
  const graph = builder.finish();
  removeUnused(graph);
  return graph;
}

function inputOf(builder: TensorBuilder, model: TfliteModel, index: number, i: number): Value {
  const tensor = model.tensor(index);
  const given = tensor.name || `input_${i}`;
  const lengths = tensor.shape.map((length, axis): Length => {
    return tensor.signature[axis] === -1
      ? `${given}_axis${axis}`.replace(/[^\w]/g, '_').replace(/^(?=\d)/, '_')
      : length;
  });
  return builder.input(given, elementTypeOf(tensor), lengths);
}

/** Where in the network an operator is: the name of what it gives, the last of the names that it is fused of. */
function placeOf(model: TfliteModel, { outputs }: TfliteOperator): string {
  return outputs.length > 0 ? model.tensor(outputs[0]).name.split(';')[0] : '';
}

/** Says in an error which operator it is about. */
function named<T>(model: TfliteModel, operator: TfliteOperator, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new FormatError(`${message} (in ${operator.op} ${placeOf(model, operator)})`, { cause: error });
  }
}
