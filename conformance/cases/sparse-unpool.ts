import type { CaseSource } from '../oracle/case-source.js';
import type { LayerDefinition } from '../src/layer-definition.js';
import { sitesOf } from '../src/forward-context.js';
import { poolOptions, type PoolOptions } from '../src/golden-pool.js';
import type { Sites } from '../src/ops.js';
import { defineCases } from './define-cases.js';
import { poolSource, windowsOf, type PoolCase } from './pool-case.js';
import * as patterns from './site-patterns.js';

declare module '../src/ops.js' {
  interface SparseOps {
    /** Every target site gets the sum of the windows that it lies in. */
    sparseUnpool?(x: SparseFeatures, options: PoolOptions & { target: Sites }): SparseFeatures;
  }
}

const tolerance = { output: 1e-6, gradient: 1e-6, reason: 'float32 sums of at most 27 features below 1, twice' };

/** Up again from the pool that made `x`, onto the sites that it started from. */
const layer: LayerDefinition = {
  op: 'unpool',
  needs: 'sparseUnpool',
  forward(x, { in: [down] }, ops, golden, context) {
    const pool = golden.layers.find(({ name }) => name === down)!;
    const target: Sites = sitesOf(pool.in[0], context).map;
    return { kind: 'sites', x: ops.sparseUnpool!(x, { ...poolOptions(pool, golden, x.map.rank), target }) };
  },
  define(x, { in: [down] }, surroundings) {
    const pool = surroundings.layers.find(({ name }) => name === down)!;
    const fine = surroundings.valueOf(pool.in[0]);
    const values = fine.sites.map(() => Array<number>(x.channels).fill(0));
    windowsOf(pool, fine, surroundings).windows.forEach((rows, window) => {
      for (const row of rows) x.values[window].forEach((value, channel) => (values[row][channel] += value));
    });
    return { sites: fine.sites, values };
  },
};

export const sparseUnpool = defineCases(
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
