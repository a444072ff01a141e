import type { ExactTensor } from '../../../src/tensor-operation.js';

export interface AttentionAttrs {
  /** Rows of each set, slot by slot. */
  readonly sets: readonly (readonly number[])[];
  readonly isKey?: readonly (readonly boolean[])[];
  readonly heads: number;
  readonly scale?: number;
  /** `[sites, axes]` flattened, where there is a bias. */
  readonly coordinates?: readonly number[];
}

/** The softmax of one query in one head. */
interface Softmax {
  /** Where the query's channels begin. */
  readonly at: number;
  /** Where those of the keys begin, and the share of each. */
  readonly keys: readonly number[];
  readonly shares: readonly number[];
  /** Entries of the bias that are in the score of each key. */
  readonly biasPlaces: readonly (readonly number[])[];
}

export function forEachSoftmax(
  { q, k, bias }: Readonly<Record<string, ExactTensor>>,
  attrs: AttentionAttrs,
  visit: (softmax: Softmax) => void,
): void {
  const { sets, isKey, heads, scale } = attrs;
  const width = q.shape[1];
  const channels = width / heads;
  const done = new Set<number>();
  sets.forEach((set, index) => {
    const chosen = set.filter((_, slot) => isKey?.[index][slot] ?? true);
    for (const site of set) {
      if (done.has(site)) continue;
      done.add(site);
      for (let head = 0; head < heads && chosen.length > 0; head++) {
        const at = site * width + head * channels;
        const keys = chosen.map((key) => key * width + head * channels);
        const biasPlaces = chosen.map((key) => (bias ? placesOfBias(bias, [site, key, head], q.shape[0], attrs) : []));
        const scores = keys.map((key, i) => {
          let product = 0;
          for (let channel = 0; channel < channels; channel++)
            product += q.values[at + channel] * k.values[key + channel];
          const added = biasPlaces[i].reduce((sum, place) => sum + bias.values[place], 0);
          return product * (scale ?? 1 / Math.sqrt(channels)) + added;
        });
        const most = Math.max(...scores);
        const powers = scores.map((score) => Math.exp(score - most));
        const sum = powers.reduce((total, power) => total + power, 0);
        visit({ at, keys, shares: powers.map((power) => power / sum), biasPlaces });
      }
    }
  });
}

/** The entries of the bias for a pair, one of each axis. */
function placesOfBias(
  bias: ExactTensor,
  [query, key, head]: readonly number[],
  siteCount: number,
  { heads, coordinates = [] }: AttentionAttrs,
): number[] {
  const axes = coordinates.length / siteCount;
  const size = bias.shape[0] / axes;
  const bound = (size - 1) / 2;
  return Array.from({ length: axes }, (_, axis) => {
    const difference = coordinates[query * axes + axis] - coordinates[key * axes + axis];
    return (axis * size + bound + Math.min(Math.max(difference, -bound), bound)) * heads + head;
  });
}

/** What every query gets: the values by their shares. */
export function attended(operands: Readonly<Record<string, ExactTensor>>, attrs: AttentionAttrs): number[] {
  const { q, v } = operands;
  const y = v.values.map(() => 0);
  const channels = q.shape[1] / attrs.heads;
  forEachSoftmax(operands, attrs, ({ at, keys, shares }) => {
    keys.forEach((key, i) => {
      for (let channel = 0; channel < channels; channel++) y[at + channel] += shares[i] * v.values[key + channel];
    });
  });
  return y;
}
