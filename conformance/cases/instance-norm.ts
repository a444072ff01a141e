import type { LayerDefinition } from '../src/layer-definition.js';
import { defineCases } from './define-cases.js';
import { featuresSource, type FeaturesCase } from './features-case.js';
import * as patterns from './site-patterns.js';

declare module '../src/ops.js' {
  interface SparseOps {
    /** Every channel normalized over the sites of each cloud, with the biased variance. */
    instanceNorm?(x: SparseFeatures, epsilon: number): SparseFeatures;
  }
}

const epsilon = 1e-3;
const tolerance = { output: 1e-5, gradient: 1e-4, reason: 'float32 means of at most 200 features below 1' };

/** Means and deviations in float64; the gradient is that of finite differences. */
const layer: LayerDefinition = {
  op: 'instance_norm',
  needs: 'instanceNorm',
  forward: (x, _layer, ops) => ({ kind: 'sites', x: ops.instanceNorm!(x, epsilon) }),
  define({ sites, values }) {
    const normalized = values.map((row, site) =>
      row.map((value, channel) => {
        const cloud = values.filter((_, other) => sites[other][0] === sites[site][0]).map((other) => other[channel]);
        const mean = cloud.reduce((sum, each) => sum + each, 0) / cloud.length;
        const variance = cloud.reduce((sum, each) => sum + (each - mean) ** 2, 0) / cloud.length;
        return (value - mean) / Math.sqrt(variance + epsilon);
      }),
    );
    return { sites, values: normalized };
  },
};

export const instanceNorm = defineCases(
  'instance-norm',
  (id, parameters: FeaturesCase) => ({
    ...featuresSource(id, parameters),
    layers: [{ name: 'norm', op: layer.op, in: ['in'] }],
  }),
  (control) => [
    control('two-clouds', { sites: patterns.batchBorder, channels: 3, seed: 900, tolerance }),
    control.with('no-sites', { sites: patterns.noSites, batchSize: 2 }),
    control.with('one-site', { sites: patterns.oneSite }),
    control.with('empty-cloud-between', { sites: patterns.emptyCloud }),
    control.with('unsorted-input', { sites: patterns.shuffled }),
    control.with('channels-9', { channels: 9 }),
    control.with('shifted-mean', { shift: 5 }),
  ],
  [layer],
);
