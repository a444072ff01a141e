import { derivedKey, releaseTable, type KernelMap } from '@tfjs-sparse/core';

export interface RowListEntries {
  readonly sourceCount: number;
  /** Int32 `[targets + 1]`: where the entries of each target start. */
  readonly starts: Int32Array;
  /** Int32 `[entries]`: the source row of each entry; ascending per target. */
  readonly sources: Int32Array;
  /** Float32 `[entries]`: the factor of each entry. */
  readonly weights: Float32Array;
}

/** Which source rows each target row reads, and with what factor. A row may have many on both sides. Immutable. */
export class RowList {
  readonly sourceCount: number;
  readonly starts: Int32Array;
  readonly sources: Int32Array;
  /** The bits of the factors: tables of kernels are int32. */
  readonly weightBits: Int32Array;
  readonly #weighted = new Map<string, RowList>();
  #transposed: RowList | undefined;

  constructor({ sourceCount, starts, sources, weights }: RowListEntries) {
    this.sourceCount = sourceCount;
    this.starts = starts;
    this.sources = sources;
    this.weightBits = new Int32Array(weights.buffer, weights.byteOffset, weights.length);
  }

  get targetCount(): number {
    return this.starts.length - 1;
  }

  get weights(): Float32Array {
    return new Float32Array(this.weightBits.buffer, this.weightBits.byteOffset, this.weightBits.length);
  }

  /** The same rows, each target's with the factor that `weightOf` gives for its number of entries; made once per name. */
  weighted(name: string, weightOf: (entries: number) => number): RowList {
    let list = this.#weighted.get(name);
    if (!list) this.#weighted.set(name, (list = this.#weightedBy(weightOf)));
    return list;
  }

  #weightedBy(weightOf: (entries: number) => number): RowList {
    const { sourceCount, starts, sources } = this;
    const weights = new Float32Array(sources.length);
    for (let target = 0; target < this.targetCount; target++) {
      const [start, end] = [starts[target], starts[target + 1]];
      weights.fill(weightOf(end - start), start, end);
    }
    return new RowList({ sourceCount, starts, sources, weights });
  }

  /** The same entries by source: targets become sources, ascending too. Made on first use. */
  transposed(): RowList {
    if (!this.#transposed) {
      this.#transposed = new RowList(this.#entriesBySource());
      this.#transposed.#transposed = this;
    }
    return this.#transposed;
  }

  /** Frees the device copies of the list and of the lists made from it. */
  dispose(): void {
    [this.starts, this.sources, this.weightBits].forEach(releaseTable);
    for (const list of this.#weighted.values()) list.dispose();
    const transposed = this.#transposed;
    this.#transposed = undefined; // the two know each other
    transposed?.dispose();
  }

  #entriesBySource(): RowListEntries {
    const { sourceCount, sources, weights, targetCount } = this;
    const starts = new Int32Array(sourceCount + 1);
    for (const source of sources) starts[source + 1]++;
    for (let source = 0; source < sourceCount; source++) starts[source + 1] += starts[source];
    const next = starts.slice();
    const targets = new Int32Array(sources.length);
    const targetWeights = new Float32Array(sources.length);
    for (let target = 0; target < targetCount; target++) {
      for (let entry = this.starts[target]; entry < this.starts[target + 1]; entry++) {
        const place = next[sources[entry]]++;
        targets[place] = target;
        targetWeights[place] = weights[entry];
      }
    }
    return { sourceCount: targetCount, starts, sources: targets, weights: targetWeights };
  }
}

const windowLists = derivedKey<RowList>();

/** The input sites in the window of every output site, with factors of 1. */
export function windowsOf(map: KernelMap): RowList {
  return map.derived(windowLists, (own) => own(new RowList(windowEntries(map))));
}

/** Offsets ascend with the last axis fastest, as sites do: taken in their order, the sites of a window ascend. */
function windowEntries(map: KernelMap): RowListEntries {
  const { inSites, outSites, pairCount, identityOffset } = map;
  const starts = new Int32Array(outSites + 1);
  const offsets = map.segments.map(({ start, count, swapped }, offset) => {
    if (offset === identityOffset) {
      const sites = Int32Array.from({ length: outSites }, (_, site) => site);
      return [sites, sites];
    }
    const columns = [map.left.subarray(start, start + count), map.right.subarray(start, start + count)];
    return swapped ? columns.reverse() : columns;
  });
  for (const [, outputs] of offsets) for (const output of outputs) starts[output + 1]++;
  for (let site = 0; site < outSites; site++) starts[site + 1] += starts[site];
  const next = starts.slice();
  const sources = new Int32Array(pairCount);
  for (const [inputs, outputs] of offsets) {
    for (let pair = 0; pair < inputs.length; pair++) sources[next[outputs[pair]]++] = inputs[pair];
  }
  return { sourceCount: inSites, starts, sources, weights: new Float32Array(pairCount).fill(1) };
}
