import { sparseUnpool } from '@tfjs-sparse/sparse-conv';
import type { CaseSource } from '../../oracle/case-source.js';
import type { WindowFields } from '../../oracle/convolution-layers.js';
import * as field from '../../src/fields.js';
import type { GoldenLayer } from '../../src/golden-file.js';
import { readLayer } from '../../src/layer-definition.js';
import { onSites, sitesOf } from '../../src/layer-value.js';
import { defineCases, defineLayer } from '../define-cases.js';
import { poolFields, poolSource, windowsOf, type PoolCase } from './shared/pool-case.js';
import { poolOptions } from './shared/pool-options.js';
import * as patterns from './shared/site-patterns.js';
import { cachedSet } from './shared/window-fields.js';

const tolerance = { output: 1e-6, gradient: 1e-6, reason: 'float32 sums of at most 27 features below 1, twice' };

/** Up again from the pool that made `x`, onto the sites that it started from. */
const layer = defineLayer<Pick<WindowFields, 'm' | 'output_set'>>({
  op: 'unpool',
  fields: { m: field.optional(field.numbers), output_set: cachedSet },
  forward({
    x,
    layer: {
      in: [down],
    },
    golden,
    rank,
    valueOf,
  }) {
    const pool = poolOf(golden.layers, down);
    const { map } = sitesOf(pool.in[0], valueOf(pool.in[0]));
    return onSites(sparseUnpool(x, { ...poolOptions(pool, golden, rank), target: map }));
  },
  define(x, { in: [down] }, surroundings) {
    const pool = poolOf(surroundings.layers, down);
    const fine = surroundings.valueOf(pool.in[0]);
    const values = fine.sites.map(() => Array<number>(x.channels).fill(0));
    windowsOf(pool, fine, surroundings).windows.forEach((rows, window) => {
      for (const row of rows) x.values[window].forEach((value, channel) => (values[row][channel] += value));
    });
    return { sites: fine.sites, values };
  },
});

function poolOf(layers: readonly GoldenLayer[], name: string) {
  const pool = layers.find((candidate) => candidate.name === name);
  if (!pool) throw new RangeError(`golden: unpool must follow a pool, got '${name}'`);
  return readLayer(pool, poolFields);
}

export const operation = defineCases(
  'sparse-unpool',
  unpoolSource,
  (control) => [
    control('sum', { op: 'sum', sites: patterns.scattered, channels: 3, poolSize: [2, 2, 2], seed: 1300, tolerance }),
    control.with('avg', { op: 'avg' }),
    control.with('max', { op: 'max' }),
    control.with('k3s2p1-overlapping', { poolSize: [3, 3, 3], strides: [2, 2, 2], padding: [1, 1, 1] }),
    control.with('floor', { outputRule: 'floor' }),
    control.with('floor-unreached-sites', { outputRule: 'floor', poolSize: [1, 1, 1], strides: [2, 2, 2] }),
    control.with('no-sites', { sites: patterns.noSites, batchSize: 2 }),
    control.with('one-site', { sites: patterns.oneSite }),
    control.with('batch-border', { sites: patterns.batchBorder }),
    control.with('negative-coordinates', { sites: patterns.negative }),
    control.with('channels-9', { channels: 9 }),
    control.with('rank-1', { sites: { count: 20, extent: [30] }, poolSize: [3] }),
  ],
  [layer],
);

function unpoolSource(id: string, parameters: PoolCase): CaseSource {
  const source = poolSource(id, parameters);
  return { ...source, layers: [...source.layers, { name: 'up', op: 'unpool', in: ['pool'], output_set: 'cached:in' }] };
}
