import type { AutoencoderLoss, SparsityLoss } from '@tfjs-sparse/topk';
import type { ExactTensors } from '../../../src/tensor-operation.js';
import type { LossAttrs } from './autoencoder-operations.js';
import { exactPass, lengthOf, map, rowsOf, sumOf, type ExactPass, type Matrix } from './exact-autoencoder.js';

const minus = (a: Matrix, b: Matrix) => map(a, (value, i, j) => value - b[i][j]);
const squares = (m: Matrix) => sumOf(m.flat().map((value) => value * value));
const variance = (m: Matrix) => {
  const means = m[0].map((_, j) => sumOf(m.map((row) => row[j])) / m.length);
  return squares(map(m, (value, _, j) => value - means[j]));
};

/** The term of the loss that `attrs` name; what has no gradient is that of `held`. */
export function exactLoss(given: ExactTensors, held: ExactTensors, attrs: LossAttrs): number {
  const { settings, loss, term = 'total' } = attrs;
  const [pass, still] = [exactPass(given, held, settings), exactPass(held, held, settings)];
  const y = rowsOf(given.y ?? given.x);
  const stillY = rowsOf(held.y ?? held.x);
  const terms = {
    reconstruction: sumOf(nestedLosses(y, pass, loss)),
    sparsity: loss.sparsity ? sparsityLoss(given, pass, loss.sparsity, attrs) : 0,
    auxiliary: loss.auxiliary && given.dead ? auxiliaryLoss(given, held, y, minus(stillY, still.reconstruction), pass, still, loss.auxiliary) : 0, // prettier-ignore
    multiTopK: loss.multiTopK === undefined ? 0 : loss.multiTopK * multiTopK(y, pass, still, settings.k!),
    gate: settings.activation === 'gated' ? gateLoss(held, y, pass) : 0,
  };
  return term === 'total' ? sumOf(Object.values(terms)) : terms[term];
}

/** Of the first features alone, once for each size; without sizes that of all. */
function nestedLosses(y: Matrix, pass: ExactPass, { reconstruction, nested }: AutoencoderLoss) {
  if (!nested) return [reconstructionLoss(y, pass.reconstruction, reconstruction)];
  return nested.sizes.map((size, i) => {
    const code = map(pass.features, (value, _, f) => (f < size ? value : 0));
    const made = pass.restore(pass.decode(code, true));
    return (nested.weights?.[i] ?? 1) * reconstructionLoss(y, made, reconstruction);
  });
}

function reconstructionLoss(y: Matrix, r: Matrix, kind: AutoencoderLoss['reconstruction'] = 'sumOfSquares'): number {
  const error = minus(r, y);
  if (kind === 'sumOfSquares') return squares(error) / y.length;
  if (kind === 'varianceUnexplained') return squares(error) / variance(y);
  return sumOf(y.map((row, i) => squares([error[i]]) / squares([row]))) / y.length;
}

/** Its estimates for the threshold are not differentiable: those goldens are the libraries'. */
function sparsityLoss(given: ExactTensors, pass: ExactPass, loss: SparsityLoss, { settings }: LossAttrs): number {
  const { features, preActivations, gate } = pass;
  const lengths = rowsOf(given.decoder).map(lengthOf);
  const threshold = given.threshold?.values ?? [];
  const perRow = (m: Matrix) => sumOf(m.flat()) / m.length;
  const active = (m: Matrix) => map(m, (value, _, f) => Number(value > threshold[f]));
  switch (loss.kind) {
    case 'l1': {
      const code = settings.activation === 'gated' ? map(gate, (value) => Math.max(0, value)) : features;
      return loss.weight * perRow(map(code, Math.abs));
    }
    case 'l1OverNorm':
      return loss.weight * perRow(map(features, (value, i) => Math.abs(value) / lengthOf(rowsOf(given.x)[i])));
    case 'l1TimesDecoderNorm':
      return loss.weight * perRow(map(features, (value, _, f) => Math.abs(value * lengths[f])));
    case 'l0':
      return loss.weight * perRow(active(preActivations));
    case 'l0Target':
      return loss.weight * (perRow(active(features)) / loss.target - 1) ** 2;
    case 'tanh':
      return loss.weight * perRow(map(features, (value, _, f) => Math.tanh(loss.scale * value * lengths[f])));
  }
}

function auxiliaryLoss(
  given: ExactTensors,
  held: ExactTensors,
  y: Matrix,
  residual: Matrix,
  pass: ExactPass,
  still: ExactPass,
  { library, k, weight = 1 / 32 }: NonNullable<AutoencoderLoss['auxiliary']>,
): number {
  const dead = given.dead.values.map(Boolean);
  const half = Math.floor(y[0].length / 2);
  const isRectified = library === 'sparsify' || library === 'dictionaryLearning';
  const candidate = (value: number) => (isRectified ? Math.max(0, value) : value);
  const chosen = still.preActivations.map((row) => {
    const order = [...row.keys()].filter((f) => dead[f] && (library !== 'openai' || row[f] > 0)); // there live ones are 0
    order.sort((a, b) => candidate(row[b]) - candidate(row[a]) || a - b);
    return new Set(order.slice(0, k ?? half));
  });
  const source = library === 'sparsify' ? still : pass;
  const code = map(source.preActivations, (value, i, f) => (chosen[i].has(f) ? candidate(value) : 0));
  const decoded = pass.decode(code, library !== 'dictionaryLearning');
  if (library === 'openai') {
    const target = map(residual, (value, _, j) => value + (held.decoderBias?.values[j] ?? 0));
    return (weight * squares(minus(decoded, target))) / variance(target);
  }
  const error = squares(minus(decoded, residual));
  const share = Math.min(dead.filter(Boolean).length / half, 1);
  if (library === 'saeLens') return (weight * share * error) / y.length;
  if (library === 'sparsify') return (weight * share * error) / variance(y);
  return (weight * error) / variance(residual);
}

function multiTopK(y: Matrix, pass: ExactPass, still: ExactPass, k: number): number {
  const code = still.preActivations.map((row) => {
    const order = [...row.keys()].sort((a, b) => Math.max(0, row[b]) - Math.max(0, row[a]) || a - b);
    const chosen = new Set(order.slice(0, 4 * k));
    return row.map((value, f) => (chosen.has(f) ? Math.max(0, value) : 0));
  });
  return squares(minus(pass.restore(pass.decode(code, true)), y)) / variance(y);
}

/** The decoder and its bias are held still. */
function gateLoss(held: ExactTensors, y: Matrix, pass: ExactPass): number {
  const decoder = rowsOf(held.decoder);
  const decoded = pass.gate.map((row) =>
    y[0].map(
      (_, j) => (held.decoderBias?.values[j] ?? 0) + sumOf(row.map((value, f) => Math.max(0, value) * decoder[f][j])),
    ),
  );
  return squares(minus(pass.restore(decoded), y)) / y.length;
}
