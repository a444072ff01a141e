import { siteBroadcast } from '@tfjs-sparse/sparse-conv';
import type { CaseSource } from '../../oracle/case-source.js';
import * as field from '../../src/fields.js';
import { onSites } from '../../src/layer-value.js';
import { defineCases, defineLayer } from '../define-cases.js';
import { featuresSource, type FeaturesCase } from './shared/features-case.js';
import * as patterns from './shared/site-patterns.js';

interface BroadcastCase extends FeaturesCase {
  readonly mode: keyof typeof modes;
}

/** What a golden calls a mode, and what the op does. */
const modes = { add: 'add', mul: 'multiply', cat: 'concatenate' } as const;
const tolerance = { output: 1e-5, gradient: 1e-5, reason: 'float32 means of at most 36 features below 1, twice' };

/** Brings back what the layer before made of each cloud. */
const layer = defineLayer<Pick<BroadcastCase, 'mode'>>({
  op: 'gbcast',
  fields: { mode: field.oneOf('add', 'mul', 'cat') },
  inputs: 2,
  forward({
    x,
    layer: {
      in: [, name],
      mode,
    },
    valueOf,
  }) {
    const clouds = valueOf(name);
    if (clouds.kind !== 'clouds') throw new RangeError(`golden: '${name}' must be a row per cloud, got ${clouds.kind}`);
    return onSites(siteBroadcast(x, clouds.rows, modes[mode]));
  },
  define({ sites, values, channels }, { mode }, { inputs: [, clouds] }) {
    const rows = sites.map(([batch], site) => {
      const row = clouds.values[clouds.sites.findIndex(([cloud]) => cloud === batch)];
      if (mode === 'cat') return [...values[site], ...row];
      return values[site].map((value, channel) => (mode === 'add' ? value + row[channel] : value * row[channel]));
    });
    return { sites, values: rows, channels: mode === 'cat' ? 2 * channels : channels };
  },
});

export const operation = defineCases(
  'site-broadcast',
  broadcastSource,
  (control) => [
    control('add', { mode: 'add', sites: patterns.batchBorder, channels: 3, seed: 1800, tolerance }),
    control.with('multiply', { mode: 'mul' }),
    control.with('concatenate', { mode: 'cat' }),
    ...(['add', 'mul', 'cat'] as const).flatMap((mode) => [
      control.with(`${mode}-no-sites`, { mode, sites: patterns.noSites, batchSize: 2 }),
      control.with(`${mode}-one-site`, { mode, sites: patterns.oneSite }),
      control.with(`${mode}-empty-cloud-between`, { mode, sites: patterns.emptyCloud }),
      control.with(`${mode}-channels-4`, { mode, channels: 4 }),
    ]),
  ],
  [layer],
);

function broadcastSource(id: string, parameters: BroadcastCase): CaseSource {
  const mean = { name: 'mean', op: 'gavg', in: ['in'] };
  const broadcast = { name: 'broadcast', op: layer.op, in: ['in', 'mean'], mode: parameters.mode };
  return { ...featuresSource(id, parameters), layers: [mean, broadcast] };
}
