import type { AutoencoderSettings } from '@tfjs-sparse/topk';
import type { ExactTensor, ExactTensors } from '../../../src/tensor-operation.js';

export type Matrix = readonly (readonly number[])[];

export const rowsOf = ({ shape: [rows, width], values }: ExactTensor): Matrix =>
  Array.from({ length: rows }, (_, row) => values.slice(row * width, (row + 1) * width));

export const map = (m: Matrix, f: (value: number, row: number, column: number) => number): Matrix =>
  m.map((row, i) => row.map((value, j) => f(value, i, j)));

export const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

export const lengthOf = (row: readonly number[]) => Math.sqrt(sumOf(row.map((value) => value * value)));

/** `a [rows, inner]` times `b [inner, width]`. */
export const product = (a: Matrix, b: Matrix, width: number): Matrix =>
  a.map((row) => Array.from({ length: width }, (_, j) => sumOf(row.map((value, i) => value * b[i][j]))));

export interface ExactPass {
  /** Before relu and choice. */
  readonly preActivations: Matrix;
  readonly features: Matrix;
  readonly reconstruction: Matrix;
  /** Of the gate alone (`gated`). */
  readonly gate: Matrix;
  /** Decodes with the rows that features compete by, with or without the bias. */
  readonly decode: (features: Matrix, hasBias: boolean) => Matrix;
  readonly restore: (decoded: Matrix) => Matrix;
}

/**
 * An autoencoder in float64, scalar by scalar. What a gradient does not go through (which features are chosen, what a
 * straight-through relu cuts off) is that of `held`; the values are those of `given`.
 */
export function exactPass(given: ExactTensors, held: ExactTensors, settings: AutoencoderSettings): ExactPass {
  const { activation, subtractsDecoderBias = true, normalization = 'none', rescalesByDecoderNorm = false } = settings;
  const raw = rowsOf(given.x);
  const [decoder, encoder] = [rowsOf(given.decoder), rowsOf(given.encoder)];
  const outWidth = given.decoder.shape[1];
  const vector =
    (name: string, fallback = 0) =>
    (i: number) =>
      given[name]?.values[i] ?? fallback;
  const lengths = decoder.map(lengthOf);
  const { x, restore } = normalized(raw, normalization);
  const input = map(x, (value, _, j) => value - (subtractsDecoderBias ? vector('decoderBias')(j) : 0));
  const products = input.map((row) => encoder.map((feature) => sumOf(row.map((value, j) => value * feature[j]))));
  const preActivations = map(products, (value, _, f) => (value + vector('encoderBias')(f)) * (rescalesByDecoderNorm ? lengths[f] : 1)); // prettier-ignore
  const gate = map(products, (value, _, f) => value + vector('gateBias')(f));
  const relu = (value: number) => Math.max(0, value);
  let features: Matrix;
  if (activation === 'relu') features = map(preActivations, relu);
  else if (activation === 'jumpRelu') {
    features = map(preActivations, (value, _, f) => (value > vector('threshold')(f) ? value : 0));
  } else if (activation === 'gated') {
    features = map(products, (value, i, f) =>
      gate[i][f] > 0 ? relu(value * Math.exp(vector('magnitudeScale')(f)) + vector('magnitudeBias')(f)) : 0,
    );
  } else {
    const before = given === held ? preActivations : exactPass(held, held, settings).preActivations;
    const isChosen = choice(before, settings);
    const isStraight = settings.gradient === 'straightThrough';
    features = map(preActivations, (value, i, f) => {
      if (!isChosen[i][f]) return 0;
      return isStraight ? relu(before[i][f]) + (value - before[i][f]) : relu(value);
    });
  }
  const dictionary = map(decoder, (value, f) => value / (rescalesByDecoderNorm ? lengths[f] : 1));
  const decode = (code: Matrix, hasBias: boolean) =>
    map(product(code, dictionary, outWidth), (value, _, j) => value + (hasBias ? vector('decoderBias')(j) : 0));
  const decoded = restore(decode(features, true));
  const skip = given.skip && rowsOf(given.skip);
  const reconstruction = map(decoded, (value, i, o) => value + (skip ? sumOf(skip[o].map((weight, j) => weight * raw[i][j])) : 0)); // prettier-ignore
  return { preActivations, features, reconstruction, gate, decode, restore };
}

function normalized(x: Matrix, normalization: AutoencoderSettings['normalization']) {
  if (normalization === 'layerNorm') {
    const centres = x.map((row) => sumOf(row) / row.length);
    const deviations = x.map((row, i) =>
      Math.sqrt(sumOf(row.map((value) => (value - centres[i]) ** 2)) / (row.length - 1)),
    );
    return {
      x: map(x, (value, i) => (value - centres[i]) / (deviations[i] + 1e-5)),
      restore: (y: Matrix) => map(y, (value, i) => value * deviations[i] + centres[i]),
    };
  }
  if (normalization === 'constantNorm') {
    const factors = x.map((row) => Math.sqrt(row.length) / lengthOf(row));
    return {
      x: map(x, (value, i) => value * factors[i]),
      restore: (y: Matrix) => map(y, (value, i) => value / factors[i]),
    };
  }
  return { x, restore: (y: Matrix) => y };
}

function choice(preActivations: Matrix, { activation, rectify, k = 0 }: AutoencoderSettings): readonly boolean[][] {
  const isRectified = rectify === 'before' || activation === 'batchTopK';
  const candidates = map(preActivations, (value) => (isRectified ? Math.max(0, value) : value));
  const width = candidates[0]?.length ?? 0;
  const greatest = (values: readonly number[], count: number) => {
    const order = [...values.keys()].sort((a, b) => values[b] - values[a] || a - b);
    const chosen = new Set(order.slice(0, count));
    return values.map((_, i) => chosen.has(i));
  };
  if (activation === 'batchTopK') {
    const flat = greatest(candidates.flat(), Math.floor(candidates.length * k));
    return candidates.map((_, row) => flat.slice(row * width, (row + 1) * width));
  }
  if (activation === 'topK') return candidates.map((row) => greatest(row, k));
  const size = width / k;
  return candidates.map((row) => Array.from({ length: k }, (_, g) => greatest(row.slice(g * size, (g + 1) * size), 1)).flat()); // prettier-ignore
}

export function exactAutoencoder(given: ExactTensors, held: ExactTensors, settings: AutoencoderSettings): ExactTensors {
  const { features, reconstruction } = exactPass(given, held, settings);
  const [count] = given.encoder.shape;
  const [rows] = given.x.shape;
  return {
    features: { shape: [rows, count], values: features.flat() },
    reconstruction: { shape: [rows, given.decoder.shape[1]], values: reconstruction.flat() },
  };
}
