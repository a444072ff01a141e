import type { PeerCase } from '../../../src/peer-goldens.js';
import type { Safetensors } from '@tfjs-sparse/core';
import * as field from '../../../src/fields.js';
import type { ExactTensor } from '../../../src/tensor-operation.js';
import { headsFirst, recentShares, type Sequences } from './exact-recent.js';
import { attributesOf, int32Tensor, integersOf } from './peer-tables.js';
import type { RecentCase } from './recent-selection.js';

export interface KeptAttrs {
  readonly capacity: number;
  readonly start: number;
  readonly recent: number;
  readonly lastQueries: number;
  readonly kernel: number;
}

export const keptAttributes = {
  capacity: field.number,
  start: field.number,
  recent: field.number,
  lastQueries: field.number,
  kernel: field.number,
};

export const tolerance = { output: 0, gradient: 0, reason: 'tokens are kept or not' };

export const keptControl: RecentCase & KeptAttrs = {
  batches: 1,
  heads: 2,
  keyHeads: 2,
  queries: 48,
  keys: 48,
  capacity: 20,
  start: 2,
  recent: 6,
  lastQueries: 10,
  kernel: 5,
  seed: 6740,
};

/** Importance of each key, `[batches][keyHeads][keys]`, infinite for those that always stay. */
export function exactImportance(
  { q, k }: Sequences,
  { start, recent, lastQueries, kernel }: KeptAttrs,
  combine: (shares: readonly number[], heads: number) => number,
): number[][][] {
  const [batches, heads] = q.shape;
  const [, keyHeads, keys] = k.shape;
  const group = heads / keyHeads;
  const shares = recentShares({ q, k }, lastQueries);
  return Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: keyHeads }, (_, keyHead) => {
      const first = batch * heads + keyHead * group;
      const raw = Array.from({ length: keys }, (_, key) =>
        combine(shares.slice(first, first + group).flatMap((rows) => rows.map((row) => row[key])), group)); // prettier-ignore
      return raw.map((_, key) => {
        if (key < start || key >= keys - recent) return Infinity;
        const near = Array.from({ length: kernel }, (_, i) => raw[key + i - (kernel - 1) / 2] ?? 0);
        return near.reduce((sum, value) => sum + value, 0) / kernel;
      });
    }),
  );
}

/** Lists as int32, each filled with -1 to `width`. */
export function listTensor(lists: readonly (readonly (readonly number[])[])[], width: number): ExactTensor {
  const filled = lists.flatMap((ofBatch) =>
    ofBatch.map((list) => Array.from({ length: width }, (_, i) => list[i] ?? -1)),
  );
  return { shape: [lists.length, lists[0].length, width], values: filled.flat() };
}

/** A file's sequences, what its attributes are to us, and its kept tokens as lists of `width`. */
export function peerKept(
  file: Safetensors,
  widthOf: (attrs: KeptAttrs, keyHeads: number) => number,
): { attrs: KeptAttrs; inputs: PeerCase['inputs']; outputs: PeerCase['outputs'] } {
  const given = attributesOf<Record<string, number>>(file);
  const attrs: KeptAttrs = {
    capacity: given.token_capacity,
    start: given.prefix_tokens,
    recent: given.local_window,
    lastQueries: given.approximation_window,
    kernel: given.kernel_size,
  };
  const [keyHeads, keys] = file.tensors.get('idx.kept')!.shape;
  const kept = integersOf(file, 'idx.kept');
  const lists = Array.from({ length: keyHeads }, (_, head) =>
    Array.from({ length: keys }, (_, key) => key).filter((key) => kept[head * keys + key] > 0),
  );
  const { shape, values } = listTensor([lists], widthOf(attrs, keyHeads));
  const [q, k] = ['q', 'k'].map((name) => headsFirst(file.tensors.get(`in.${name}`)!));
  return { attrs, inputs: { q, k }, outputs: { tokens: int32Tensor(values, shape) } };
}
