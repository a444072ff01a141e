import type { CaseSource } from '../oracle/case-source.js';
import { drawRows, uniformFrom } from '../oracle/random.js';
import type { Tolerance } from '../src/golden-file.js';
import { defineCases } from './define-cases.js';
import { featuresSource, type FeaturesCase } from './features-case.js';
import * as patterns from './site-patterns.js';

interface BatchNormCase extends FeaturesCase {
  readonly epsilon: number;
  readonly hasZeroScale?: boolean;
}

const tolerance: Tolerance = {
  output: 1e-5,
  gradient: 2e-5,
  reason: 'float32 sums of at most 1300 features, then a division by the deviation',
};

export const siteBatchNorm = defineCases('site-batch-norm', batchNormSource, (control) => [
  control('eps-1e-3', { sites: patterns.scattered, channels: 3, epsilon: 1e-3, seed: 600, tolerance }),
  control.with('eps-1e-5', { epsilon: 1e-5 }),
  control.with('batch-border', { sites: patterns.batchBorder }), // statistics are over all batches
  control.with('empty-cloud-between', { sites: patterns.emptyCloud }),
  control.with('no-sites', { sites: patterns.noSites }),
  control.with('one-site', { sites: patterns.oneSite }), // variance 0
  control.with('constant-channels', { step: 4 }), // every feature 0: only epsilon is left under the root
  control.with('large-mean', {
    shift: 1000,
    // x itself is held to 6e-5 in float32; E[x^2] - E[x]^2 would be off by 0.1
    tolerance: { output: 1e-3, gradient: 1e-3, reason: 'features near 1000 with deviation 0.6 in float32' },
  }),
  control.with('zero-scale', { hasZeroScale: true }),
  control.with('nan-feature', { nanAt: [[5, 2]] }), // the whole channel, and no other
  control.with('unsorted-input', { sites: patterns.shuffled }),
  ...[1, 3, 7, 9, 17, 33].map((channels) =>
    control.with(`channels-${channels}`, { channels, sites: patterns.batchBorder }),
  ),
  control.with('sites-1300', { sites: { count: 1300, extent: [4000] }, channels: 1 }),
]);

function batchNormSource(id: string, parameters: BatchNormCase): CaseSource {
  const { channels, epsilon, hasZeroScale, seed } = parameters;
  const [scale, bias] = drawRows(uniformFrom(seed + 3), 2, channels);
  return {
    ...featuresSource(id, parameters),
    layers: [{ name: 'bn', op: 'bn', in: ['in'], params: true, eps: epsilon, momentum: 0.125 }],
    parameters: { bn: { scale: hasZeroScale ? scale.map(() => 0) : scale, bias } },
  };
}
