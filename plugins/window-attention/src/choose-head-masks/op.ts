import { slice, tidy, type Tensor4D } from '@tensorflow/tfjs-core';
import { requireRange, requireType } from '@tfjs-sparse/core';
import { AttentionMask } from '../attention-masks/attention-mask.js';
import { blockSparseAttention, requireSequences } from '../block-sparse-attention/op.js';
import type { HeadPlan } from './head-plan.js';
import { headErrors, millisecondsOf } from './measure.js';

/** Queries, keys and values of a layer, as `blockSparseAttention` takes them. */
export interface AttentionSample {
  readonly q: Tensor4D;
  readonly k: Tensor4D;
  readonly v: Tensor4D;
}

export interface ChooseHeadMasksOptions {
  /** Greatest error of a head: |y - dense| / |dense| of its outputs for all samples together. */
  readonly maxError: number;
  /** What heads see that no candidate suits, and what errors are against; default all keys. `causalMask()` for causal ones. */
  readonly dense?: AttentionMask;
  /** Milliseconds of a head by each candidate and by 'dense', e.g. of another machine; default measured here. */
  readonly costs?: Readonly<Record<string, number>>;
}

/**
 * The cheapest of the candidates for each head whose error is small enough (the offline search of Sparse-vDiT, Chen et al.
 * 2025, section 3.3, with time instead of modelled cost): heads keep their pattern over inputs, so that samples decide.
 * Costs are measured on the active backend with the first sample's first head, because they depend on the mask alone.
 *
 * @param samples    at least one; all with the same number of heads
 * @param candidates masks for all heads alike, by names other than 'dense'
 * @returns a plan that is JSON; `headPlanMask` makes the layer's mask of it
 * @throws RangeError or TypeError (as a rejection) for samples that do not fit each other, a mask of several heads or
 *   batches, a maxError below 0, and missing costs
 */
export async function chooseHeadMasks(
  samples: readonly AttentionSample[],
  candidates: Readonly<Record<string, AttentionMask>>,
  { maxError, dense = everyKey, costs }: ChooseHeadMasksOptions,
): Promise<HeadPlan> {
  const heads = requireSamples(samples);
  requireRange(!('dense' in candidates), op, "candidates must have other names than 'dense'", 'dense');
  const masks = { ...candidates, dense };
  for (const [name, mask] of Object.entries(masks)) requireMask(name, mask);
  requireRange(maxError >= 0, op, 'maxError must be at least 0', maxError);
  for (const name of costs ? Object.keys(masks) : [])
    requireRange(name in costs!, op, `costs must have '${name}'`, Object.keys(costs!));
  const measured: HeadPlan['candidates'] = {};
  for (const [name, mask] of Object.entries(masks)) {
    const errors = name === 'dense' ? new Array<number>(heads).fill(0) : await headErrors(samples, mask, dense);
    measured[name] = { ms: costs?.[name] ?? (await costOf(samples[0], mask)), errors };
  }
  const cheapest = Object.keys(measured).sort((a, b) => measured[a].ms - measured[b].ms);
  const chosen = Array.from(
    { length: heads },
    (_, head) =>
    cheapest.find((name) => measured[name].errors[head] <= maxError || name === 'dense')!, // prettier-ignore
  );
  return { maxError, heads: chosen, candidates: measured };
}

const op = 'chooseHeadMasks';
const everyKey = new AttentionMask(({ keys }) => [[0, keys]]);

/** Of one head alone. */
async function costOf({ q, k, v }: AttentionSample, mask: AttentionMask): Promise<number> {
  const first = tidy(() => [q, k, v].map((x) => slice(x, [0, 0, 0, 0], [1, 1, x.shape[2], x.shape[3]])));
  const ms = await millisecondsOf(() => blockSparseAttention(first[0], first[1], first[2], mask));
  first.forEach((x) => x.dispose());
  return ms;
}

/** The number of heads of q, which all samples share. */
function requireSamples(samples: readonly AttentionSample[]): number {
  requireRange(samples.length > 0, op, 'samples must be at least one', samples.length);
  const heads = samples[0].q.shape[1];
  for (const { q, k, v } of samples) {
    requireSequences(op, q, k, v);
    requireRange(q.shape[1] === heads, op, `samples must have ${heads} heads (as the first)`, q.shape[1]);
  }
  return heads;
}

function requireMask(name: string, mask: AttentionMask): void {
  requireType(mask instanceof AttentionMask, op, `candidate '${name}' must be an AttentionMask`, typeof mask);
  const isForAll = mask.heads === 1 && mask.batches === 1;
  requireRange(isForAll, op, `candidate '${name}' must have one pattern for all heads`, [mask.batches, mask.heads]);
}
