import type * as tf from '@tensorflow/tfjs-core';
import type { ColumnsAndDiagonals } from '@tfjs-sparse/window-attention';
import type { Safetensors } from '@tfjs-sparse/core';
import { drawTensor } from '../../../oracle/tensor-source.js';
import type { PeerCase } from '../../../src/peer-goldens.js';
import type { ExactTensor } from '../../../src/tensor-operation.js';
import { recentShares, type Sequences } from './exact-recent.js';
import { integersOf } from './peer-tables.js';
import { patternMask } from './pattern-mask.js';

export interface RecentCase {
  readonly batches: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly queries: number;
  readonly keys: number;
  readonly seed: number;
}

const channels = 8;
const spread = 6; // scores far apart: no two sums of shares are within a rounding of each other

/** Exact sums of the shares of the last queries along columns, and along distances; each `[batches * heads][keys]`. */
export function exactSums(sequences: Sequences, lastQueries: number): { columns: number[]; diagonals: number[] }[] {
  const keys = sequences.k.shape[2];
  return recentShares(sequences, lastQueries).map((rows) => {
    const columns = new Array<number>(keys).fill(0);
    const diagonals = new Array<number>(keys).fill(0);
    rows.forEach((shares, row) => {
      const position = keys - lastQueries + row;
      for (let key = 0; key <= position; key++) {
        columns[key] += shares[key];
        diagonals[position - key] += shares[key];
      }
    });
    return { columns, diagonals };
  });
}

/** bool `[batches, heads, queries, keys]` of exact patterns of each batch and head. */
export function exactMask(
  { q, k }: Sequences,
  patterns: readonly { columns: readonly number[]; offsets: readonly number[] }[],
): ExactTensor {
  const [batches, heads, queries] = q.shape;
  const keys = k.shape[2];
  const values = patterns.flatMap(({ columns, offsets }) =>
    Array.from({ length: queries * keys }, (_, i) => {
      const [key, distance] = [i % keys, Math.floor(i / keys) + keys - queries - (i % keys)];
      return Number(distance >= 0 && (columns.includes(key) || offsets.includes(distance)));
    }),
  );
  return { shape: [batches, heads, queries, keys], values };
}

/** The op's answer as the same. */
export async function maskOfSelection(
  selecting: Promise<ColumnsAndDiagonals>,
  { shape: [batches, heads, queries] }: tf.Tensor4D,
  { shape: [, , keys] }: tf.Tensor4D,
): Promise<{ mask: tf.Tensor }> {
  const { mask } = await selecting;
  return { mask: patternMask(mask, [batches, heads, queries, keys]) };
}

export function drawSequences({ batches, heads, keyHeads, queries, keys, seed }: RecentCase) {
  const q = drawTensor([batches, heads, queries, channels], seed);
  return {
    q: { ...q, values: q.values.map((value) => Math.fround(value * spread)) },
    k: drawTensor([batches, keyHeads, keys, channels], seed + 1),
  };
}

/** The mask of a peer's columns and offsets, of `[batches, heads, queries, keys]`. */
export function peerMask(file: Safetensors): PeerCase['outputs'] {
  const [batches, heads, queries] = file.tensors.get('in.q')!.shape;
  const keys = file.tensors.get('in.k')!.shape[2];
  const ofHeads = (name: string) => {
    const all = integersOf(file, `idx.${name}`);
    const count = all.length / batches / heads;
    return Array.from({ length: batches * heads }, (_, head) => all.slice(head * count, (head + 1) * count));
  };
  const [columns, offsets] = [ofHeads('columns'), ofHeads('offsets')];
  const sizes = {
    q: { shape: [batches, heads, queries], values: [] },
    k: { shape: [batches, heads, keys], values: [] },
  };
  const { shape, values } = exactMask(sizes, columns.map((each, i) => ({ columns: each, offsets: offsets[i] }))); // prettier-ignore
  return { mask: { dtype: 'BOOL', shape, values: Uint8Array.from(values) } };
}

export const tolerance = { output: 0, gradient: 0, reason: 'pairs are seen or not' };
