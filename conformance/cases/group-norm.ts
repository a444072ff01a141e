import type { LayerDefinition } from '../src/layer-definition.js';
import { defineCases } from './define-cases.js';
import { featuresSource, type FeaturesCase } from './features-case.js';
import * as patterns from './site-patterns.js';

declare module '../src/ops.js' {
  interface SparseOps {
    /** Every group of channels normalized over the sites of each cloud, with the biased variance. */
    groupNorm?(x: SparseFeatures, groups: number, epsilon: number): SparseFeatures;
  }
}

interface GroupNormCase extends FeaturesCase {
  readonly groups: number;
}

const epsilon = 1e-3;
const tolerance = { output: 1e-5, gradient: 1e-4, reason: 'float32 means of at most 200 features below 1' };

/** Means and deviations in float64; the gradient is that of finite differences. */
const layer: LayerDefinition = {
  op: 'group_norm',
  needs: 'groupNorm',
  forward: (x, { groups }, ops) => ({ kind: 'sites', x: ops.groupNorm!(x, groups!, epsilon) }),
  define({ sites, values, channels }, { groups }) {
    const width = channels / groups!;
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
};

export const groupNorm = defineCases(
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
