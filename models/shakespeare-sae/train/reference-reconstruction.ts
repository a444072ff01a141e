import type * as tf from '@tensorflow/tfjs';
import type { SaeKind } from '@tfjs-sparse/shakespeare-sae';

/** What the autoencoder is, in float64 and plain loops, of one row. Of the model only the weights are used. */
export function referenceReconstruction(
  kind: SaeKind,
  model: tf.LayersModel,
  row: readonly number[],
  k: number,
): number[] {
  const weights = new Map(model.weights.map((weight) => [weight.originalName.split('/').pop()!, weight.read()]));
  const matrix = (name: string) => {
    const { shape } = weights.get(name)!;
    const values = [...weights.get(name)!.dataSync()];
    return Array.from({ length: shape[0] }, (_, i) => values.slice(i * shape[1]!, (i + 1) * shape[1]!));
  };
  const vector = (name: string) => [...weights.get(name)!.dataSync()];
  const bias = vector('decoderBias');
  const mean = total(row) / row.length;
  const deviation = Math.sqrt(total(row.map((value) => (value - mean) ** 2)) / (row.length - 1));
  const input = row.map((value, i) => (value - mean) / (deviation + 1e-5) - bias[i]);
  const encoderBias = vector('encoderBias');
  const before = matrix('encoder').map((feature, f) => dot(feature, input) + encoderBias[f]);
  const least = kind === 'topk' ? [...before].sort((a, b) => b - a)[k - 1] : Math.max(vector('threshold')[0], 0);
  const isActive = (value: number) => (kind === 'topk' ? value >= least && value > 0 : value > least);
  const made = [...bias];
  matrix('decoder').forEach((feature, f) => {
    if (!isActive(before[f])) return;
    const length = Math.sqrt(dot(feature, feature));
    feature.forEach((value, i) => (made[i] += (before[f] * value) / length));
  });
  return made.map((value) => value * deviation + mean);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return total(a.map((value, i) => value * b[i]));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
