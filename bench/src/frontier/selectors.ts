import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import {
  adaSnapKV,
  blockTopK,
  causalMask,
  flexPrefill,
  pageBounds,
  quest,
  sinkTokens,
  maskUnion,
  slidingWindow,
  snapKV,
  topForSparsity,
  verticalSlash,
  type PageBounds,
} from '@tfjs-sparse/window-attention';
import type { BenchContext } from '../bench.js';
import { masked, ofBlocks, type Selection } from './selection.js';

const pageSize = 16;

/** Chooses keys for all queries of a prompt; `budget` is how many a query sees on average, or what stands for it. */
export type PrefillSelector = (q: Tensor4D, k: Tensor4D, budget: number, blockSize?: number) => Promise<Selection>;

export const prefillSelectors: Readonly<Record<string, PrefillSelector>> = {
  dense: async (q, k) => masked(causalMask(), q.shape[2], k.shape[2]),
  window: async (q, k, budget) => masked(slidingWindow({ left: Math.round(budget) }), q.shape[2], k.shape[2]),
  sinkWindow: async (q, k, budget) => {
    const mask = maskUnion(sinkTokens({ count: 4 }), slidingWindow({ left: Math.round(budget) }));
    return masked(mask, q.shape[2], k.shape[2]);
  },
  blockTopK: async (q, k, budget, blockSize = 64) => {
    const blocks = k.shape[2] / blockSize;
    const top = topForSparsity(Math.min(Math.max(1 - budget / (k.shape[2] / 2), 0), 0.999), blocks);
    const size = { queries: blockSize, keys: blockSize };
    return ofBlocks(blockTopK(q, k, { blockSize, top }), size, q.shape[2], k.shape[2]);
  },
  verticalSlash: async (q, k, budget) => {
    const half = Math.round(budget / 2);
    const near = Math.min(64, Math.round(budget / 4));
    const { mask } = await verticalSlash(q, k, { columns: half, diagonals: half, nearOffsets: near });
    return masked(mask, q.shape[2], k.shape[2]);
  },
  /** `budget` keys stand for the share of the attention that is to be held: the same share of the keys left out. */
  flexPrefill: async (q, k, budget) => {
    const alpha = budget / (k.shape[2] / 2 + budget);
    const near = Math.min(64, Math.round(budget / 4));
    const { mask } = await flexPrefill(q, k, { alpha, minBudget: 8, nearOffsets: near });
    return masked(mask, q.shape[2], k.shape[2]);
  },
};

/** A prompt's keys, prepared once for the queries that follow. */
export interface PreparedCache {
  /** Chooses keys for one query. */
  select(q: Tensor4D): Selection;
  dispose(): void;
}

/** Prepares a cache so that a query that follows sees `budget` keys on average over heads. */
export type CacheSelector = (context: BenchContext, q: Tensor4D, k: Tensor4D, budget: number) => PreparedCache;

export const cacheSelectors: Readonly<Record<string, CacheSelector>> = {
  dense: (_, __, k) => ({ select: () => masked(causalMask(), 1, k.shape[2]), dispose() {} }),
  window: (_, __, k, budget) => ({
    select: () => masked(slidingWindow({ left: Math.round(budget) - 1 }), 1, k.shape[2]),
    dispose() {},
  }),
  snapKV: (context, q, k, budget) => kept(context, k, snapKV(q, k, keptOptions(budget))),
  adaSnapKV: (context, q, k, budget) => kept(context, k, adaSnapKV(q, k, keptOptions(budget))),
  quest: (_, __, k, budget) => {
    const bounds = pageBounds(k, pageSize);
    const pages = Math.max(1, Math.round(budget / pageSize) - 1);
    return {
      select: (q) => ofBlocks(quest(q, bounds, { budget: pages }), { queries: 1, keys: pageSize }, 1, k.shape[2]),
      dispose: () => disposeBounds(bounds),
    };
  },
};

function keptOptions(budget: number): { capacity: number; start: number; recent: number } {
  return { capacity: Math.round(budget), start: 4, recent: Math.min(128, Math.floor(budget / 4)) };
}

function kept({ tf }: BenchContext, k: Tensor4D, tokens: Tensor3D): PreparedCache {
  return {
    select: () => ofBlocks(tf.expandDims(tokens, 2) as Tensor4D, { queries: 1, keys: 1 }, 1, k.shape[2]),
    dispose: () => tokens.dispose(),
  };
}

function disposeBounds({ least, greatest }: PageBounds): void {
  least.dispose();
  greatest.dispose();
}
