import { requireFormat } from '../../format-error.js';
import { squeeze, transpose, unsqueeze } from '../../lowering/layout.js';
import { gru, lstm, simpleRecurrent, type RecurrentResult, type RecurrentWeights } from '../../lowering/recurrent.js';
import { concat, slice } from '../../lowering/slicing.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import { plainOrder, type Value } from '../../lowering/value.js';
import { reader, requireTrained, type AtenOp, type AtenOperation } from '../aten-operation.js';

/** A layer in one direction. */
type Run = (
  builder: TensorBuilder,
  x: Value,
  weights: RecurrentWeights,
  state: readonly Value[],
  isReverse: boolean,
) => RecurrentResult;

const lstmRun: Run = (builder, x, weights, [hidden, cell], isReverse) => lstm(builder, x, weights, [hidden, cell], isReverse); // prettier-ignore
const gruRun: Run = (builder, x, weights, [hidden], isReverse) => gru(builder, x, weights, hidden, isReverse);
const simpleRun =
  (activation: 'Tanh' | 'Relu'): Run =>
  (builder, x, weights, [hidden], isReverse) =>
    simpleRecurrent(builder, x, weights, hidden, isReverse, activation);

export const recurrentOps: Readonly<Record<string, AtenOp>> = {
  'lstm.input': (operation) => layers(operation, operation.tensors('hx'), lstmRun),
  'gru.input': (operation) => layers(operation, [operation.tensor('hx')], gruRun),
  'rnn_tanh.input': (operation) => layers(operation, [operation.tensor('hx')], simpleRun('Tanh')),
  'rnn_relu.input': (operation) => layers(operation, [operation.tensor('hx')], simpleRun('Relu')),
  lstm_cell: (operation) => step(operation, operation.tensors('hx'), lstmRun),
  gru_cell: (operation) => step(operation, [operation.tensor('hx')], gruRun),
  rnn_tanh_cell: (operation) => step(operation, [operation.tensor('hx')], simpleRun('Tanh')),
  rnn_relu_cell: (operation) => step(operation, [operation.tensor('hx')], simpleRun('Relu')),
};

/** Gives all steps and, stacked, the last states of each layer and direction. */
function layers(operation: AtenOperation, states: readonly Value[], run: Run): Value[] {
  const { builder } = operation;
  if (operation.number('dropout') !== 0) requireTrained(operation, 'train');
  const [hasBias, isBoth] = [operation.isTrue('has_biases'), operation.isTrue('bidirectional')];
  const [count, directions] = [operation.number('num_layers'), isBoth ? 2 : 1];
  const parameters = operation.tensors('params');
  const each = hasBias ? 4 : 2;
  const isWhole = parameters.length === count * directions * each;
  requireFormat(isWhole, reader, `aten.${operation.op} must have ${each} parameters for each layer and direction (and no projection)`, parameters.length); // prettier-ignore
  const isBatchFirst = operation.isTrue('batch_first');
  const given = operation.tensor('input');
  let x = isBatchFirst ? transpose(builder, given, [1, 0, 2]) : given;
  const results: RecurrentResult[] = [];
  for (const layer of plainOrder(count)) {
    const both = plainOrder(directions).map((direction) => {
      const place = layer * directions + direction;
      const weights = weightsOf(parameters.slice(place * each, (place + 1) * each));
      return run(builder, x, weights, states.map((state) => at(builder, state, place)), direction === 1); // prettier-ignore
    });
    results.push(...both);
    x = concat(builder, both.map(({ steps }) => steps), 2); // prettier-ignore
  }
  const stacked = (values: readonly Value[]) => concat(builder, values.map((value) => unsqueeze(builder, value, [0])), 0); // prettier-ignore
  const cells = results.flatMap(({ lastCell }) => lastCell ?? []);
  const steps = isBatchFirst ? transpose(builder, x, [1, 0, 2]) : x;
  return [steps, stacked(results.map(({ last }) => last)), ...(cells.length > 0 ? [stacked(cells)] : [])];
}

function step(operation: AtenOperation, states: readonly Value[], run: Run): Value[] {
  const { builder } = operation;
  const x = unsqueeze(builder, operation.tensor('input'), [0]);
  const biases = ['b_ih', 'b_hh'].flatMap((name) => operation.tensorOrNull(name) ?? []);
  const { last, lastCell } = run(builder, x, weightsOf([operation.tensor('w_ih'), operation.tensor('w_hh'), ...biases]), states, false); // prettier-ignore
  return [last, ...(lastCell ? [lastCell] : [])];
}

function weightsOf([
  input,
  recurrent,
  inputBias = null,
  recurrentBias = null,
]: readonly (Value | null)[]): RecurrentWeights {
  return { input: input!, recurrent: recurrent!, inputBias, recurrentBias };
}

function at(builder: TensorBuilder, states: Value, place: number): Value {
  return squeeze(builder, slice(builder, states, [{ axis: 0, start: place, end: place + 1 }]), [0]);
}
