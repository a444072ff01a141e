import type { ExactTensor, ExactTensors } from '../../../src/tensor-operation.js';
import { attended } from './exact-attention.js';
import { turned } from './exact-rope.js';

export interface EncoderAttrs {
  readonly sets: readonly (readonly number[])[];
  readonly isKey?: readonly (readonly boolean[])[];
  readonly heads: number;
  readonly activation: 'relu' | 'gelu';
  readonly order: 'normLast' | 'normFirst';
}

interface TurnedEncoderAttrs extends EncoderAttrs {
  /** Base of the angles by which queries and keys are turned, where there are coordinates; default none. */
  readonly rope?: number;
}

/** A transformer encoder layer whose attention is within sets. */
export function encoded(inputs: ExactTensors, attrs: TurnedEncoderAttrs): number[] {
  const { x, inner } = inputs;
  const [rows] = x.shape;
  const norm = (values: number[], part: 1 | 2) =>
    normalized(values, inputs[`scale${part}`].values, inputs[`offset${part}`].values, 1e-5);
  const plus = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value + b[i]);
  const feed = (values: number[]) => {
    const before = times(values, rows, inner, inputs.innerBias);
    const active = before.map((value) =>
      attrs.activation === 'relu' ? Math.max(value, 0) : value * normalShare(value),
    );
    return times(active, rows, inputs.outer, inputs.outerBias);
  };
  const attend = (values: number[]) => attentionOf(values, inputs, attrs);
  let y: number[];
  if (attrs.order === 'normFirst') {
    y = plus(x.values, attend(norm(x.values, 1)));
    y = plus(y, feed(norm(y, 2)));
  } else {
    y = norm(plus(x.values, attend(x.values)), 1);
    y = norm(plus(y, feed(y)), 2);
  }
  return y;
}

function attentionOf(values: readonly number[], inputs: ExactTensors, attrs: TurnedEncoderAttrs): number[] {
  const { x, position, qkv, qkvBias, coordinates, relativeBias: bias } = inputs;
  const [rows, channels] = x.shape;
  const placed = values.map((value, i) => value + (position?.values[i] ?? 0));
  const part = (from: readonly number[], index: number): ExactTensor => {
    const all = times(from, rows, qkv, qkvBias);
    const chosen = all.filter((_, i) => Math.floor((i % (3 * channels)) / channels) === index);
    return { shape: x.shape, values: chosen };
  };
  const [q, k] = [0, 1].map((index) => {
    const projected = part(placed, index);
    const { rope, heads } = attrs;
    if (rope === undefined) return projected;
    return { shape: x.shape, values: turned(projected, coordinates, { heads, frequency: rope }, 1) };
  });
  const places = bias && coordinates.values.filter((_, i) => i % coordinates.shape[1] > 0);
  const y = attended({ q, k, v: part(values, 2), bias }, { ...attrs, coordinates: places });
  return times(y, rows, inputs.output, inputs.outputBias);
}

export function times(values: readonly number[], rows: number, matrix: ExactTensor, bias: ExactTensor): number[] {
  const [inner, columns] = matrix.shape;
  return Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    let sum = bias.values[column];
    for (let j = 0; j < inner; j++) sum += values[row * inner + j] * matrix.values[j * columns + column];
    return sum;
  });
}

/** The share of a normal distribution below x: its density there times x + x^3 / 3 + x^5 / (3 * 5) + ..., beside a half. */
export function normalShare(x: number): number {
  if (Math.abs(x) > 9) return x > 0 ? 1 : 0; // to 1e-18
  let term = x;
  let sum = 0;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    sum += term;
    term *= (x * x) / (2 * n + 1);
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** Rows, as long as scale, normalised over their numbers. */
export function normalized(
  values: readonly number[],
  scale: readonly number[],
  offset: readonly number[],
  epsilon: number,
): number[] {
  const channels = scale.length;
  return values.map((value, i) => {
    const start = i - (i % channels);
    const row = values.slice(start, start + channels);
    const mean = row.reduce((sum, each) => sum + each, 0) / channels;
    const variance = row.reduce((sum, each) => sum + (each - mean) ** 2, 0) / channels;
    return ((value - mean) / Math.sqrt(variance + epsilon)) * scale[i % channels] + offset[i % channels];
  });
}
