import { instanceNorm } from '@tfjs-sparse/sparse-conv';
import { onSites } from '../../src/layer-value.js';
import { defineCases, defineLayer } from '../define-cases.js';
import { featuresSource, type FeaturesCase } from './shared/features-case.js';
import * as patterns from './shared/site-patterns.js';

const epsilon = 1e-3;
const tolerance = { output: 1e-5, gradient: 1e-4, reason: 'float32 means of at most 200 features below 1' };

/** Means and deviations in float64; the gradient is that of finite differences. */
const layer = defineLayer({
  op: 'instance_norm',
  fields: {},
  forward: ({ x }) => onSites(instanceNorm(x, { epsilon })),
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
});

export const operation = defineCases(
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
