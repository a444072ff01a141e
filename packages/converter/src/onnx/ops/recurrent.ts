import { requireFormat } from '../../format-error.js';
import { gru, lstm, simpleRecurrent, type RecurrentResult, type RecurrentWeights } from '../../lowering/recurrent.js';
import { squeeze, unsqueeze } from '../../lowering/layout.js';
import { broadcastTo } from '../../lowering/products.js';
import { concat, slice, split } from '../../lowering/slicing.js';
import type { Value } from '../../lowering/value.js';
import { input, type OnnxOp, type OnnxOperation } from '../onnx-operation.js';
import { writtenCount } from '../../lowering/value.js';

/** One direction of a recurrent operator. */
interface Direction {
  readonly weights: RecurrentWeights;
  readonly isReverse: boolean;
  /** Beginnings of the hidden state, and of an LSTM's cell, `[batch, units]`. */
  readonly state: (index: number) => Value;
}

export const recurrentOps: Readonly<Record<string, OnnxOp>> = {
  LSTM: (operation) =>
    both(operation, 4, ({ weights, isReverse, state }) => {
      requireFormat(!operation.inputs[7], 'convert', 'an LSTM must have no peepholes', 'an input of them');
      // ONNX lays its gates as input, output, forget, cell.
      return lstm(operation.builder, input(operation, 0), weights, [state(5), state(6)], isReverse, [0, 2, 3, 1]);
    }),
  GRU: (operation) =>
    both(operation, 3, ({ weights, isReverse, state }) => {
      const isResetBehind = operation.attributes.integer('linear_before_reset', 0) !== 0;
      // ONNX lays its gates as update, reset, candidate.
      return gru(operation.builder, input(operation, 0), weights, state(5), isReverse, [1, 0, 2], isResetBehind);
    }),
  RNN: (operation) =>
    both(operation, 1, ({ weights, isReverse, state }) => {
      const isRelu = operation.attributes.texts('activations')[0]?.toLowerCase() === 'relu';
      return simpleRecurrent(
        operation.builder,
        input(operation, 0),
        weights,
        state(5),
        isReverse,
        isRelu ? 'Relu' : 'Tanh',
      );
    }),
};

const standardActivations = [['sigmoid', 'tanh', 'tanh'], ['sigmoid', 'tanh'], ['tanh'], ['relu'], []];

/** Gives `[length, directions, batch, units]` and the last states `[directions, batch, units]`. */
function both(operation: OnnxOperation, gates: number, run: (direction: Direction) => RecurrentResult): Value[] {
  const { builder, attributes, inputs, op } = operation;
  const kind = attributes.text('direction', 'forward');
  const count = kind === 'bidirectional' ? 2 : 1;
  const activations = attributes.texts('activations').map((name) => name.toLowerCase());
  const isStandard = standardActivations.some((each) => [...each, ...(count === 2 ? each : [])].join() === activations.join()); // prettier-ignore
  requireFormat(isStandard, 'convert', `${op} must have the activations sigmoid and tanh`, activations.join());
  const isPlain = !inputs[4] && attributes.integer('layout', 0) === 0 && !attributes.has('clip');
  requireFormat(isPlain, 'convert', `${op} must have no sequence_lens, layout and clip`, 'one of them');
  const results = [...Array(count).keys()].map((direction) => {
    const isReverse = kind === 'reverse' || direction === 1;
    return run({ weights: weightsOf(operation, gates, direction), isReverse, state: (index) => stateOf(operation, index, direction) }); // prettier-ignore
  });
  const stacked = (values: readonly Value[], axis: number) =>
    concat(builder, values.map((value) => unsqueeze(builder, value, [axis])), axis); // prettier-ignore
  const cells = results.flatMap(({ lastCell }) => lastCell ?? []);
  return [
    stacked(results.map(({ steps }) => steps), 1), // prettier-ignore
    stacked(results.map(({ last }) => last), 0), // prettier-ignore
    ...(cells.length > 0 ? [stacked(cells, 0)] : []),
  ];
}

function weightsOf(operation: OnnxOperation, gates: number, direction: number): RecurrentWeights {
  const { builder, attributes, inputs } = operation;
  const units = attributes.integer('hidden_size');
  const of = (value: Value) => squeeze(builder, slice(builder, value, [{ axis: 0, start: direction, end: direction + 1 }]), [0]); // prettier-ignore
  const [inputBias = null, recurrentBias = null] = inputs[3]
    ? split(builder, of(inputs[3]), 0, [gates * units, gates * units])
    : [];
  return { input: of(input(operation, 1)), recurrent: of(input(operation, 2)), inputBias, recurrentBias };
}

function stateOf(operation: OnnxOperation, index: number, direction: number): Value {
  const { builder, inputs, attributes } = operation;
  const given = inputs[index];
  if (given) return squeeze(builder, slice(builder, given, [{ axis: 0, start: direction, end: direction + 1 }]), [0]);
  const [, batch] = input(operation, 0).shape;
  const zeros = builder.constant(
    [1, attributes.integer('hidden_size')],
    new Float32Array(writtenCount(attributes.integer('hidden_size'))),
  );
  return broadcastTo(builder, zeros, [batch, attributes.integer('hidden_size')]);
}
