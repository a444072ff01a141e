import * as tf from '@tensorflow/tfjs-core';
import { headImportance, pruneTokens, tokenImportance } from '@tfjs-sparse/topk';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { ExactTensor, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';

interface PruningAttrs {
  readonly keep: number;
  readonly start: number;
  readonly recent: number;
}

interface PruningCase extends PruningAttrs {
  readonly batch: number;
  readonly tokens: number;
  readonly width: number;
  readonly step?: number;
  readonly seed: number;
}

/** `[batch][keep]` tokens in their order. */
function keptTokens(
  { shape: [batch, tokens], values }: ExactTensor,
  { keep, start, recent }: PruningAttrs,
): number[][] {
  return Array.from({ length: batch }, (_, sample) => {
    const score = (token: number) =>
      token < start || token >= tokens - recent ? Infinity : values[sample * tokens + token];
    const order = Array.from({ length: tokens }, (_, token) => token);
    order.sort((a, b) => (score(a) === score(b) ? a - b : score(b) - score(a)));
    return order.slice(0, keep).sort((a, b) => a - b);
  });
}

const pruning: TensorOperation<PruningAttrs> = {
  op: 'prune-tokens',
  inputs: { x: 'float32', importance: 'float32' },
  outputs: { kept: 'float32', indices: 'int32', keptImportance: 'float32' },
  attributes: { keep: field.number, start: field.number, recent: field.number },
  forward({ x, importance }, attrs) {
    const pruned = pruneTokens(x as tf.Tensor3D, importance as tf.Tensor2D, attrs);
    return { kept: pruned.x, indices: pruned.indices, keptImportance: pruned.importance };
  },
  define({ x, importance }, attrs) {
    const [batch, tokens, width] = x.shape;
    const kept = keptTokens(importance, attrs);
    const rows = kept.flatMap((each, sample) => each.map((token) => sample * tokens + token));
    return {
      kept: {
        shape: [batch, attrs.keep, width],
        values: rows.flatMap((row) => x.values.slice(row * width, (row + 1) * width)),
      },
      indices: { shape: [batch, attrs.keep], values: kept.flat() },
      keptImportance: { shape: [batch, attrs.keep], values: rows.map((row) => importance.values[row]) },
    };
  },
  gradient({ kept: dy, keptImportance: dScore }, { x, importance }, attrs) {
    const [, tokens, width] = x.shape;
    const dx = x.values.map(() => 0);
    const dImportance = importance.values.map(() => 0);
    keptTokens(importance, attrs).forEach((each, sample) =>
      each.forEach((token, place) => {
        const row = sample * attrs.keep + place;
        for (let i = 0; i < width; i++) dx[(sample * tokens + token) * width + i] = dy.values[row * width + i];
        dImportance[sample * tokens + token] = dScore.values[row];
      }),
    );
    return { x: dx, importance: dImportance };
  },
};

export const operation = defineTensorCases<PruningCase, PruningAttrs>(
  pruning,
  ({ batch, tokens, width, step, seed, ...attrs }) => {
    const importance = drawTensor([batch, tokens], seed + 1);
    const values = importance.values.map((value) => (step ? Math.round(value / step) * step : value));
    return {
      tolerance: { output: 0, gradient: 0, reason: 'rows are copied' },
      inputs: { x: drawTensor([batch, tokens, width], seed), importance: { ...importance, values } },
      attrs,
      gradients: batch * attrs.keep > 0 ? ['x', 'importance'] : ['x'],
      differentiated: batch * attrs.keep > 0 ? undefined : ['kept'], // tfjs' webgpu backend multiplies no empty tensors
      seed: seed + 2,
    };
  },
  (control) => [
    control('six-of-ten', { batch: 2, tokens: 10, width: 5, keep: 6, start: 0, recent: 0, seed: 5700 }),
    control.with('start-and-recent-stay', { start: 2, recent: 3 }),
    control.with('only-start-and-recent', { start: 2, recent: 4 }),
    control.with('all', { keep: 10 }),
    control.with('none', { keep: 0 }),
    control.with('ties', { step: 0.5 }),
    control.with('no-samples', { batch: 0 }),
    control.with('one-token', { tokens: 1, keep: 1 }),
  ],
);

/** @throws unless the values are those stated */
function requireValues(tensor: tf.Tensor, expected: readonly number[]): Promise<void> {
  return tensor.data().then((values) => {
    if (values.join() !== expected.join()) throw new Error(`must be ${expected.join()}, got ${values.join()}`);
  });
}

const refusal = (name: string, keep: number, importance: () => tf.Tensor, error: string): CallCase => ({
  id: `prune-tokens/${name}`,
  call: () => pruneTokens(tf.ones([2, 4, 3]), importance() as tf.Tensor2D, { keep, start: 1, recent: 1 }),
  error,
});

export const calls: readonly CallCase[] = [
  refusal('keep-above-tokens', 5, () => tf.ones([2, 4]), 'RangeError: pruneTokens: keep must be an integer from 2 (start + recent) to 4 (tokens of x), got 5'), // prettier-ignore
  refusal('keep-below-pinned', 1, () => tf.ones([2, 4]), 'RangeError: pruneTokens: keep must be an integer from 2 (start + recent) to 4 (tokens of x), got 1'), // prettier-ignore
  refusal('importance-of-other-tokens', 3, () => tf.ones([2, 5]), 'RangeError: pruneTokens: importance must be [2, 4] (as x), got [2, 5]'), // prettier-ignore
  {
    id: 'prune-tokens/token-importance',
    call: () => requireValues(tokenImportance(tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2])), [16, 20]),
    error: null,
  },
  {
    id: 'prune-tokens/head-importance',
    call: () => requireValues(headImportance(tf.tensor4d([1, -2, 3, 4, -5, 6, 7, 8], [1, 2, 2, 2])), [14, 22]),
    error: null,
  },
];
