import { requireFormat } from '../format-error.js';
import { elementwise, unary } from './elementwise.js';
import { squeeze, transpose, unsqueeze } from './layout.js';
import { matMul } from './products.js';
import { concat, slice, split } from './slicing.js';
import type { TensorBuilder } from './tensor-builder.js';
import { plainOrder, type Value } from './value.js';

/** Weights of one direction. */
export interface RecurrentWeights {
  /** `[gates * units, channels]` */
  readonly input: Value;
  /** `[gates * units, units]` */
  readonly recurrent: Value;
  /** `[gates * units]` */
  readonly inputBias: Value | null;
  /** `[gates * units]` */
  readonly recurrentBias: Value | null;
}

export interface RecurrentResult {
  /** `[length, batch, units]` */
  readonly steps: Value;
  /** `[batch, units]` */
  readonly last: Value;
  /** Of an LSTM: `[batch, units]`. */
  readonly lastCell?: Value;
}

const mostSteps = 1024; // each is nodes of its own

/**
 * Runs a cell over the steps of a sequence; the products with the input are one.
 *
 * @param x `[length, batch, channels]`
 * @param cell from the sums of the input `[batch, gates * units]` and the state before
 */
function unrolled(
  builder: TensorBuilder,
  x: Value,
  weights: RecurrentWeights,
  isReverse: boolean,
  first: readonly Value[],
  cell: (sums: Value, state: readonly Value[]) => readonly Value[],
): { steps: Value; state: readonly Value[] } {
  const [length] = x.shape;
  const isFitting = typeof length === 'number' && length >= 1 && length <= mostSteps;
  requireFormat(isFitting, 'convert', `a recurrent network must have 1 to ${mostSteps} steps that are known`, length);
  const sums = withVector(builder, matMul(builder, x, transpose(builder, weights.input, [1, 0])), weights.inputBias);
  const all: Value[] = [];
  let state = first;
  for (const step of isReverse ? plainOrder(length).reverse() : plainOrder(length)) {
    const ofStep = squeeze(builder, slice(builder, sums, [{ axis: 0, start: step, end: step + 1 }]), [0]);
    state = cell(ofStep, state);
    all.push(unsqueeze(builder, state[0], [0]));
  }
  return { steps: concat(builder, isReverse ? all.reverse() : all, 0), state };
}

/** Gates in the order of `gates`, a permutation of input, forget, cell and output (PyTorch's is 0, 1, 2, 3). */
export function lstm(
  builder: TensorBuilder,
  x: Value,
  weights: RecurrentWeights,
  state: readonly [hidden: Value, cell: Value],
  isReverse: boolean,
  gates: readonly [input: number, forget: number, cell: number, output: number] = [0, 1, 2, 3],
): RecurrentResult {
  const units = weights.recurrent.shape[1] as number;
  const recurrent = transpose(builder, weights.recurrent, [1, 0]);
  const { steps, state: last } = unrolled(builder, x, weights, isReverse, state, (sums, [hidden, memory]) => {
    const more = withVector(builder, matMul(builder, hidden, recurrent), weights.recurrentBias);
    const parts = split(builder, elementwise(builder, 'AddV2', [sums, more]), 1, Array<number>(4).fill(units));
    const [input, forget, output] = [gates[0], gates[1], gates[3]].map((gate) =>
      unary(builder, 'Sigmoid', parts[gate]),
    );
    const candidate = unary(builder, 'Tanh', parts[gates[2]]);
    const kept = elementwise(builder, 'Mul', [forget, memory]);
    const next = elementwise(builder, 'AddV2', [kept, elementwise(builder, 'Mul', [input, candidate])]);
    return [elementwise(builder, 'Mul', [output, unary(builder, 'Tanh', next)]), next];
  });
  return { steps, last: last[0], lastCell: last[1] };
}

/** Gates in the order of `gates`: those of reset, update and candidate (PyTorch's is 0, 1, 2). */
export function gru(
  builder: TensorBuilder,
  x: Value,
  weights: RecurrentWeights,
  state: Value,
  isReverse: boolean,
  gates: readonly [reset: number, update: number, candidate: number] = [0, 1, 2],
  isResetBehind = true,
): RecurrentResult {
  const units = weights.recurrent.shape[1] as number;
  const sizes = Array<number>(3).fill(units);
  const ofGates = split(builder, weights.recurrent, 0, sizes).map((part) => transpose(builder, part, [1, 0]));
  const biases = weights.recurrentBias && split(builder, weights.recurrentBias, 0, sizes);
  const sumOf = (hidden: Value, gate: number) =>
    withVector(builder, matMul(builder, hidden, ofGates[gate]), biases?.[gate] ?? null);
  const { steps, state: last } = unrolled(builder, x, weights, isReverse, [state], (sums, [hidden]) => {
    const parts = split(builder, sums, 1, sizes);
    const gateOf = (gate: number) => unary(builder, 'Sigmoid', elementwise(builder, 'AddV2', [parts[gate], sumOf(hidden, gate)])); // prettier-ignore
    const [reset, update] = [gateOf(gates[0]), gateOf(gates[1])];
    const more = isResetBehind
      ? elementwise(builder, 'Mul', [reset, sumOf(hidden, gates[2])])
      : sumOf(elementwise(builder, 'Mul', [reset, hidden]), gates[2]);
    const candidate = unary(builder, 'Tanh', elementwise(builder, 'AddV2', [parts[gates[2]], more]));
    const change = elementwise(builder, 'Mul', [update, elementwise(builder, 'Sub', [hidden, candidate])]);
    return [elementwise(builder, 'AddV2', [candidate, change])];
  });
  return { steps, last: last[0] };
}

/** A cell without gates. */
export function simpleRecurrent(
  builder: TensorBuilder,
  x: Value,
  weights: RecurrentWeights,
  state: Value,
  isReverse: boolean,
  activation: 'Tanh' | 'Relu',
): RecurrentResult {
  const recurrent = transpose(builder, weights.recurrent, [1, 0]);
  const { steps, state: last } = unrolled(builder, x, weights, isReverse, [state], (sums, [hidden]) => {
    const more = withVector(builder, matMul(builder, hidden, recurrent), weights.recurrentBias);
    return [unary(builder, activation, elementwise(builder, 'AddV2', [sums, more]))];
  });
  return { steps, last: last[0] };
}

function withVector(builder: TensorBuilder, x: Value, bias: Value | null): Value {
  return bias ? elementwise(builder, 'AddV2', [x, bias]) : x;
}
