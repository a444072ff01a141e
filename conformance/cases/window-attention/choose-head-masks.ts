import * as tf from '@tensorflow/tfjs-core';
import {
  blockSparseAttention,
  causalMask,
  chooseHeadMasks,
  diagonals,
  headMasks,
  headPlanMask,
  maskUnion,
  readHeadPlan,
  sinkTokens,
  slidingWindow,
  type AttentionMask,
  type AttentionSample,
  type ChooseHeadMasksOptions,
} from '@tfjs-sparse/window-attention';
import { drawTensor } from '../../oracle/tensor-source.js';
import type { CallCase } from '../../src/run-call.js';

const [tokens, channels] = [32, 4];
const candidates = { window: slidingWindow({ left: 2 }), sinks: causalMask(sinkTokens({ count: 2 })) };
const costs = { window: 2, sinks: 1, dense: 9 };

/**
 * Causal attention of three heads: to every fourth key from the one before on, to the first key, to all alike. Scores of what
 * is meant are 12 greater than others.
 */
function sample(seed: number): AttentionSample {
  const units = (places: (token: number) => number) =>
    Array.from({ length: tokens }, (_, token) =>
      Array.from({ length: channels }, (_, i) => Number(i === places(token))),
    );
  const q = [units((token) => (token + channels - 1) % channels), units(() => 0), units(() => -1)];
  const near = units((token) => token % channels);
  const k = [near, units((token) => (token === 0 ? 0 : -1)), near];
  const v = drawTensor([1, 3, tokens, channels], seed);
  return {
    q: tf.mul(tf.tensor4d([q]), 24),
    k: tf.tensor4d([k]),
    v: tf.tensor4d([...v.values], [1, 3, tokens, channels]),
  };
}

/** A plan by given costs must be that of the heads, and again after it was written and read. */
async function chosenPlan(): Promise<void> {
  const samples = [sample(1), sample(2)];
  const offsets = Array.from({ length: tokens / channels }, (_, i) => -1 - channels * i);
  const wide = { ...candidates, strided: causalMask(maskUnion(sinkTokens({ count: 1 }), diagonals({ offsets }))) };
  const options = { maxError: 1e-3, dense: causalMask(), costs: { ...costs, strided: 3 } };
  const plan = await chooseHeadMasks(samples, wide, options);
  const expected = ['strided', 'sinks', 'dense'];
  if (plan.heads.join() !== expected.join())
    throw new Error(`heads must be ${expected.join()}, got ${plan.heads.join()}`);
  const read = readHeadPlan(JSON.parse(JSON.stringify(plan)));
  const mask = headPlanMask(read, { ...wide, dense: causalMask() });
  const { q, k, v } = samples[0];
  const [y, dense] = [blockSparseAttention(q, k, v, mask), blockSparseAttention(q, k, v, causalMask())];
  const [difference] = await tf.max(tf.abs(tf.sub(y, dense))).data();
  if (!(difference < 1e-3))
    throw new Error(`outputs must be those of dense attention, got a difference of ${difference}`);
}

async function measuredPlan(): Promise<void> {
  const plan = await chooseHeadMasks([sample(1)], candidates, { maxError: 1, dense: causalMask() });
  const { window, sinks, dense } = plan.candidates;
  const areMeasured = [window, sinks, dense].every(({ ms }) => ms > 0);
  if (!areMeasured) throw new Error(`costs must be above 0, got ${JSON.stringify(plan.candidates)}`);
  const isCheapest = plan.heads.every((name, head) =>
    [window, sinks, dense].every(({ ms, errors }) => errors[head] > 1 || ms >= plan.candidates[name].ms),
  );
  if (!isCheapest) throw new Error(`masks must be the cheapest within the error, got ${JSON.stringify(plan)}`);
}

const refusal = (
  name: string,
  change: Partial<ChooseHeadMasksOptions> & { masks?: Record<string, AttentionMask> },
  error: string,
): CallCase => ({
  id: `choose-head-masks/${name}`,
  call: () => chooseHeadMasks([sample(1)], change.masks ?? candidates, { maxError: 0.1, costs, ...change }),
  error,
});

export const calls: readonly CallCase[] = [
  { id: 'choose-head-masks/cheapest-within-the-error', call: chosenPlan, error: null },
  { id: 'choose-head-masks/measured-costs', call: measuredPlan, error: null },
  {
    id: 'choose-head-masks/no-samples',
    call: () => chooseHeadMasks([], candidates, { maxError: 0.1 }),
    error: 'RangeError: chooseHeadMasks: samples must be at least one, got 0',
  },
  refusal('negative-error', { maxError: -1 }, 'RangeError: chooseHeadMasks: maxError must be at least 0, got -1'),
  refusal('missing-cost', { costs: { window: 1, dense: 2 } }, "RangeError: chooseHeadMasks: costs must have 'sinks', got [window, dense]"), // prettier-ignore
  refusal('mask-of-heads', { masks: { both: headMasks(Object.values(candidates)) } }, "RangeError: chooseHeadMasks: candidate 'both' must have one pattern for all heads, got [1, 2]"), // prettier-ignore
  {
    id: 'choose-head-masks/plan-of-unknown-masks',
    call: () => headPlanMask({ maxError: 0, heads: ['diagonal'], candidates: {} }, candidates),
    error: "RangeError: headPlanMask: masks must have 'diagonal', got [window, sinks]",
  },
  {
    id: 'choose-head-masks/plan-without-its-candidate',
    call: () => readHeadPlan({ maxError: 0, heads: ['diagonal'], candidates: { dense: { ms: 1, errors: [0] } } }),
    error: 'RangeError: readHeadPlan: heads must be names of candidates (dense), got [diagonal]',
  },
  {
    id: 'choose-head-masks/no-plan',
    call: () => readHeadPlan([]),
    error: 'RangeError: readHeadPlan: plan must be an object, got []',
  },
];
