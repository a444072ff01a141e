import { requireFormat } from '../../format-error.js';
import { transpose } from '../../lowering/layout.js';
import { lstm, simpleRecurrent } from '../../lowering/recurrent.js';
import { concat } from '../../lowering/slicing.js';
import type { Value } from '../../lowering/value.js';
import { input, requireRank, type TfliteOp, type TfliteOperation } from '../tflite-operation.js';

// Inputs of the LSTM: the first of four gates (input, forget, cell, output), the rest one by one.
const lstmInputs = { input: 1, recurrent: 5, peepholes: 9, bias: 12, projection: 16, hidden: 18, cell: 19, norms: 20 };
const lstmFields = { activation: 0, cellClip: 1, projectionClip: 2, isTimeFirst: 3, isDiagonal: 5 };
const cellFields = { isTimeFirst: 0, activation: 1 }; // of SequenceRNNOptions
const [relu, tanh] = [1, 4]; // of ActivationFunctionType

export const recurrentOps: Readonly<Record<string, TfliteOp>> = {
  /** Runs begin with zeros as its state. */
  UNIDIRECTIONAL_SEQUENCE_LSTM(operation) {
    const { builder, inputs, options } = operation;
    const others = [...inputs.slice(lstmInputs.peepholes, lstmInputs.bias), ...inputs.slice(lstmInputs.projection, lstmInputs.hidden), ...inputs.slice(lstmInputs.norms)]; // prettier-ignore
    const isWhole = others.every((value) => value === null) && inputs[lstmInputs.input] !== null && !options.flag(lstmFields.isDiagonal); // prettier-ignore
    requireFormat(isWhole, 'readTflite', 'an LSTM must have four gates and no peepholes, projection and norms', 'others'); // prettier-ignore
    const isOfTanh = options.code(lstmFields.activation) === tanh;
    const isClipped = options.number(lstmFields.cellClip) !== 0 || options.number(lstmFields.projectionClip) !== 0;
    requireFormat(isOfTanh && !isClipped, 'readTflite', 'an LSTM must have the activation tanh and no clips', options.code(lstmFields.activation)); // prettier-ignore
    const weights = {
      input: ofGates(operation, lstmInputs.input),
      recurrent: ofGates(operation, lstmInputs.recurrent),
      inputBias: ofGates(operation, lstmInputs.bias),
      recurrentBias: null,
    };
    const state = [input(operation, lstmInputs.hidden), input(operation, lstmInputs.cell)] as const;
    return overTime(operation, lstmFields.isTimeFirst, (x) => lstm(builder, x, weights, state, false).steps);
  },
  UNIDIRECTIONAL_SEQUENCE_RNN(operation) {
    const { builder, options } = operation;
    const [ofInput, recurrent, bias, state] = [1, 2, 3, 4].map((i) => input(operation, i));
    const activation = options.code(cellFields.activation);
    const isKnown = activation === relu || activation === tanh;
    requireFormat(isKnown, 'readTflite', `${operation.op} must have the activation relu or tanh`, activation);
    const weights = { input: ofInput, recurrent, inputBias: bias, recurrentBias: null };
    const op = activation === relu ? 'Relu' : 'Tanh';
    return overTime(operation, cellFields.isTimeFirst, (x) => simpleRecurrent(builder, x, weights, state, false, op).steps); // prettier-ignore
  },
};

/** Four gates of one kind as one tensor. */
function ofGates(operation: TfliteOperation, first: number): Value {
  const gates = [0, 1, 2, 3].map((gate) => input(operation, first + gate));
  const { builder } = operation;
  const constants = gates.map(({ constant }) => constant);
  if (!constants.every((constant) => constant instanceof Float32Array)) return concat(builder, gates, 0);
  const [{ shape }] = gates;
  const isSame = gates.every((gate) => gate.shape.join() === shape.join());
  requireFormat(isSame, 'readTflite', `gates of an LSTM must all be [${shape}]`, gates.map((gate) => `[${gate.shape}]`).join(' ')); // prettier-ignore
  const joined = Float32Array.from(constants.flatMap((constant) => [...constant]));
  return builder.constant([4 * (shape[0] as number), ...(shape.slice(1) as number[])], joined);
}

/** @param run from `[length, batch, channels]` to `[length, batch, units]` */
function overTime(operation: TfliteOperation, field: number, run: (x: Value) => Value): Value {
  const { builder, options } = operation;
  const x = input(operation, 0);
  requireRank(operation, x, 3);
  if (options.flag(field)) return run(x);
  return transpose(builder, run(transpose(builder, x, [1, 0, 2])), [1, 0, 2]);
}
