import { tensor3d } from '@tensorflow/tfjs-core';
import { submConv } from '@tfjs-sparse/sparse-conv';
import { onSites } from '../../src/layer-value.js';
import { defineCases, defineLayer } from '../define-cases.js';
import { featuresSource, type FeaturesCase } from './shared/features-case.js';
import * as patterns from './shared/site-patterns.js';

const tolerance = { output: 1e-5, gradient: 1e-4, reason: 'float32 sums of at most 27 x 9 products' };

/** Weight of offset `k`; no two are equal, and sums fall on both sides of zero. */
function weight(k: number, input: number, output: number): number {
  return Math.fround(Math.sin(1 + 7 * k + 3 * input + 5 * output));
}

/** The gradient is that of finite differences, away from the corner of ReLU. */
const layer = defineLayer({
  op: 'subm_conv_epilogue',
  fields: {},
  forward({ x }) {
    const channels = x.features.shape[1];
    const values = Array.from({ length: 27 * channels * channels }, (_, i) =>
      weight(Math.floor(i / channels / channels), Math.floor(i / channels) % channels, i % channels),
    );
    const filter = tensor3d(values, [27, channels, channels]);
    return onSites(submConv(x, filter, { kernelSize: 3, residual: x.features, activation: 'relu' }));
  },
  define({ sites, values, channels }) {
    const siteOf = new Map(sites.map((site, index) => [site.join(), index]));
    const sums = sites.map(([batch, ...cell], site) => {
      const row = [...values[site]];
      for (let k = 0; k < 27; k++) {
        const tap = [Math.floor(k / 9) - 1, (Math.floor(k / 3) % 3) - 1, (k % 3) - 1];
        const neighbour = siteOf.get([batch, ...cell.map((value, axis) => value + tap[axis])].join());
        if (neighbour === undefined) continue;
        for (let output = 0; output < channels; output++) {
          for (let input = 0; input < channels; input++) {
            row[output] += values[neighbour][input] * weight(k, input, output);
          }
        }
      }
      return row;
    });
    return { sites, values: sums.map((row) => row.map((value) => (value < 0 ? 0 : value))) };
  },
});

export const operation = defineCases(
  'subm-conv-epilogue',
  (id, parameters: FeaturesCase) => ({
    ...featuresSource(id, parameters),
    layers: [{ name: 'conv', op: layer.op, in: ['in'] }],
  }),
  (control) => [
    control('two-clouds', { sites: patterns.batchBorder, channels: 3, seed: 2300, tolerance }),
    control.with('no-sites', { sites: patterns.noSites, batchSize: 2 }),
    control.with('one-site', { sites: patterns.oneSite }),
    control.with('channels-8', { channels: 8 }),
    control.with('channels-9', { channels: 9 }),
  ],
  [layer],
);
