import { groupNorm } from '@tfjs-sparse/sparse-conv';
import * as field from '../../src/fields.js';
import { onSites } from '../../src/layer-value.js';
import { defineCases, defineLayer } from '../define-cases.js';
import { featuresSource, type FeaturesCase } from './shared/features-case.js';
import * as patterns from './shared/site-patterns.js';

interface GroupNormCase extends FeaturesCase {
  readonly groups: number;
}

const epsilon = 1e-3;
const tolerance = { output: 1e-5, gradient: 1e-4, reason: 'float32 means of at most 200 features below 1' };

/** Means and deviations in float64; the gradient is that of finite differences. */
const layer = defineLayer<{ readonly groups: number }>({
  op: 'group_norm',
  fields: { groups: field.number },
  forward: ({ x, layer: { groups } }) => onSites(groupNorm(x, { groups, epsilon })),
  define({ sites, values, channels }, { groups }) {
    const width = channels / groups;
    const normalized = values.map((row, site) =>
      row.map((value, channel) => {
        const first = Math.floor(channel / width) * width;
        const group = values
          .filter((_, other) => sites[other][0] === sites[site][0])
          .flatMap((other) => other.slice(first, first + width));
        const mean = group.reduce((sum, each) => sum + each, 0) / group.length;
        const variance = group.reduce((sum, each) => sum + (each - mean) ** 2, 0) / group.length;
        return (value - mean) / Math.sqrt(variance + epsilon);
      }),
    );
    return { sites, values: normalized };
  },
});

export const operation = defineCases(
  'group-norm',
  (id, parameters: GroupNormCase) => ({
    ...featuresSource(id, parameters),
    layers: [{ name: 'norm', op: layer.op, in: ['in'], groups: parameters.groups }],
  }),
  (control) => [
    control('two-groups', { groups: 2, sites: patterns.batchBorder, channels: 6, seed: 1900, tolerance }),
    control.with('one-group', { groups: 1 }),
    control.with('as-many-groups-as-channels', { groups: 6 }),
    control.with('no-sites', { sites: patterns.noSites, batchSize: 2 }),
    control.with('one-site', { sites: patterns.oneSite }),
    control.with('empty-cloud-between', { sites: patterns.emptyCloud }),
    control.with('unsorted-input', { sites: patterns.shuffled }),
    control.with('shifted-mean', { shift: 5 }),
  ],
  [layer],
);
