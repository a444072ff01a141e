import { CompressedRows, derivedKey } from '@tfjs-sparse/core';
import { SparsityPattern, type TransposedPattern } from '../pattern/sparsity-pattern.js';
import { channelsOfGroup, type FilterAttrs } from './attributes.js';

const transposedFilters = derivedKey<TransposedPattern>();

/** The filter that takes the output's gradient to the input's: its outputs are the input channels, its places turned around. */
export function transposedFilter(attrs: FilterAttrs): TransposedPattern {
  const { filterHeight, filterWidth } = attrs.geometry;
  const key = transposedFilters.of([filterHeight, filterWidth, attrs.groups].join());
  return attrs.pattern.blocks.derived(key, () => transposed(attrs));
}

function transposed(attrs: FilterAttrs): TransposedPattern {
  const { geometry, groups, pattern } = attrs;
  const { outFeatures, blockOutputs, starts, columns } = pattern;
  const groupInChannels = channelsOfGroup(attrs);
  const groupOutChannels = outFeatures / groups;
  const places = geometry.filterHeight * geometry.filterWidth;
  const entries = { rows: [] as number[], columns: [] as number[], weights: [] as number[] };
  for (let output = 0; output < outFeatures; output++) {
    const blockRow = Math.floor(output / blockOutputs);
    const firstChannel = Math.floor(output / groupOutChannels) * groupInChannels;
    for (let block = starts[blockRow]; block < starts[blockRow + 1]; block++) {
      const place = places - 1 - Math.floor(columns[block] / groupInChannels);
      entries.rows.push(firstChannel + (columns[block] % groupInChannels));
      entries.columns.push(place * groupOutChannels + (output % groupOutChannels));
      entries.weights.push(block * blockOutputs + (output % blockOutputs));
    }
  }
  const options = { inFeatures: places * groupOutChannels, outFeatures: groups * groupInChannels };
  const sorted = CompressedRows.sorted(entries.rows, entries.columns, [options.outFeatures, options.inFeatures]);
  return {
    pattern: new SparsityPattern(sorted.starts, sorted.columns, options),
    order: sorted.order!.map((entry) => entries.weights[entry]),
  };
}
