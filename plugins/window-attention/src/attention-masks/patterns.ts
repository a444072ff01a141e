import { requireRange } from '@tfjs-sparse/core';
import { AttentionMask, type KeyRange } from './attention-mask.js';

export interface SlidingWindowOptions {
  /** Keys before a query's own that it sees. */
  readonly left: number;
  /** Keys behind it; default 0, which is causal. */
  readonly right?: number;
  /** Of the keys in the window every so-manieth, counted from the query; default 1. */
  readonly dilation?: number;
}

/** The keys near each query (Longformer, Mistral). `left + 1` keys where `right` is 0. */
export function slidingWindow({ left, right = 0, dilation = 1 }: SlidingWindowOptions): AttentionMask {
  requireCount('slidingWindow', 'left', left, 0);
  requireCount('slidingWindow', 'right', right, 0);
  requireCount('slidingWindow', 'dilation', dilation, 1);
  if (dilation === 1) return new AttentionMask(({ position }) => [[position - left, position + right + 1]]);
  const [before, behind] = [Math.floor(left / dilation), Math.floor(right / dilation)];
  const steps = Array.from({ length: before + 1 + behind }, (_, i) => (i - before) * dilation);
  return new AttentionMask(({ position }) => steps.map((step) => oneKey(position + step)));
}

/** Every `stride`-th key, counted from the query in both directions (Sparse Transformer, with `causalMask`). */
export function strided({ stride }: { readonly stride: number }): AttentionMask {
  requireCount('strided', 'stride', stride, 1);
  return new AttentionMask(({ position, keys }) => {
    const ranges: KeyRange[] = [];
    const first = ((position % stride) + stride) % stride;
    for (let key = first; key < keys; key += stride) ranges.push(oneKey(key));
    return ranges;
  });
}

/** The same keys for all queries (vertical stripes of MInference and Sparse-vDiT). Columns beyond the keys are none. */
export function verticalStripes({ columns }: { readonly columns: readonly number[] }): AttentionMask {
  const ranges = keysOf('verticalStripes', 'columns', columns);
  return new AttentionMask(() => ranges);
}

/** The first keys, for all queries (attention sinks, StreamingLLM). */
export function sinkTokens({ count }: { readonly count: number }): AttentionMask {
  requireCount('sinkTokens', 'count', count, 0);
  const ranges: readonly KeyRange[] = [[0, count]];
  return new AttentionMask(() => ranges);
}

/** Keys at given distances from each query (diagonals of Sparse-vDiT and MInference): `offset` -1 is the key before. */
export function diagonals(options: {
  readonly offsets: readonly number[];
  readonly halfWidth?: number;
}): AttentionMask {
  const { offsets, halfWidth = 0 } = options;
  requireRange(offsets.every(Number.isInteger), 'diagonals', 'offsets must be integers', offsets);
  requireCount('diagonals', 'halfWidth', halfWidth, 0);
  return new AttentionMask(({ position }) =>
    offsets.map((offset) => [position + offset - halfWidth, position + offset + halfWidth + 1]),
  );
}

/** Tokens that all see and that see all (global attention of Longformer and BigBird), by their place among the keys. */
export function globalTokens({ tokens }: { readonly tokens: readonly number[] }): AttentionMask {
  const ranges = keysOf('globalTokens', 'tokens', tokens);
  const known = new Set(tokens);
  return new AttentionMask(({ position, keys }) => (known.has(position) ? [[0, keys]] : ranges));
}

function keysOf(op: string, name: string, keys: readonly number[]): readonly KeyRange[] {
  const areKeys = keys.every((key) => Number.isInteger(key) && key >= 0);
  requireRange(areKeys, op, `${name} must be integers of at least 0`, keys);
  return keys.map(oneKey);
}

function oneKey(key: number): KeyRange {
  return [key, key + 1];
}

function requireCount(op: string, name: string, count: number, least: number): void {
  requireRange(Number.isInteger(count) && count >= least, op, `${name} must be an integer of at least ${least}`, count);
}
