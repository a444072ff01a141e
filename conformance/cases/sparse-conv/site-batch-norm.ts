import { ones, add, mul, tensor1d, type Tensor1D } from '@tensorflow/tfjs-core';
import { siteBatchNorm } from '@tfjs-sparse/sparse-conv';
import type { CaseSource } from '../../oracle/case-source.js';
import { batchNormLayer, type BatchNormFields } from '../../oracle/feature-layers.js';
import { drawRows, uniformFrom } from '../../oracle/random.js';
import * as field from '../../src/fields.js';
import type { Tolerance } from '../../src/golden-file.js';
import { floatsOf, layerTensorName, vectorLeaves } from '../../src/golden-tensors.js';
import type { LayerCall } from '../../src/layer-definition.js';
import type { CallCase } from '../../src/run-call.js';
import { defineCases, defineLayer } from '../define-cases.js';
import { featuresSource, type FeaturesCase } from './shared/features-case.js';
import * as patterns from './shared/site-patterns.js';
import { threeSites } from './shared/three-sites.js';

interface BatchNormCase extends FeaturesCase {
  readonly epsilon: number;
  readonly hasZeroScale?: boolean;
}

const tolerance: Tolerance = {
  output: 1e-5,
  gradient: 2e-5,
  reason: 'float32 sums of at most 1300 features, then a division by the deviation',
};

const layer = defineLayer<BatchNormFields>({
  op: 'bn',
  fields: { eps: field.number, momentum: field.optional(field.number), slope: field.optional(field.oneOf(1)) },
  tensors: ['weight', 'bias', 'running_mean_before', 'running_mean_after', 'running_var_before', 'running_var_after'],
  leaves: (bn, golden) => vectorLeaves(golden, bn, 'weight', 'bias'),
  keepsSites: true,
  forward(call) {
    const { x, parameter } = call;
    const scale = parameter('weight') as Tensor1D;
    const { y, mean, variance } = siteBatchNorm(x.features, scale, parameter('bias') as Tensor1D, call.layer.eps);
    const sites = x.features.shape[0];
    const unbiased: Tensor1D = mul(variance, sites > 1 ? sites / (sites - 1) : 1); // as PyTorch
    const further = { ...running('mean', mean, call), ...running('var', unbiased, call) };
    return { kind: 'sites', x: x.withFeatures(y), further };
  },
  evaluate: batchNormLayer,
});

/** The running statistics that a training step leaves, where the golden has those before. */
function running(kind: 'mean' | 'var', fresh: Tensor1D, { layer: bn, golden }: LayerCall<BatchNormFields>) {
  const before = layerTensorName(golden, `running_${kind}_before`, bn);
  if (!golden.tensors.has(before)) return {};
  const { momentum = 0 } = bn;
  const kept = mul(tensor1d(floatsOf(golden, before).slice()), 1 - momentum);
  return { [`running_${kind}_after`]: add(kept, mul(fresh, momentum)) };
}

export const operation = defineCases(
  'site-batch-norm',
  batchNormSource,
  (control) => [
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
  ],
  [layer],
);

function batchNormSource(id: string, parameters: BatchNormCase): CaseSource {
  const { channels, epsilon, hasZeroScale, seed } = parameters;
  const [scale, bias] = drawRows(uniformFrom(seed + 3), 2, channels);
  return {
    ...featuresSource(id, parameters),
    layers: [{ name: 'bn', op: 'bn', in: ['in'], params: true, eps: epsilon, momentum: 0.125 }],
    parameters: { bn: { scale: hasZeroScale ? scale.map(() => 0) : scale, bias } },
  };
}

/** Calls that must be refused, word for word alike on every backend; arguments are made within the call. */
export const calls: readonly CallCase[] = [
  {
    id: 'site-batch-norm/scale-shape',
    call: () => siteBatchNorm(threeSites().features, ones([3]), ones([2]), 1e-3),
    error: 'RangeError: siteBatchNorm: scale must have shape [2] (as the channels of x), got [3]',
  },
  {
    id: 'site-batch-norm/negative-epsilon',
    call: () => siteBatchNorm(threeSites().features, ones([2]), ones([2]), -1),
    error: 'RangeError: siteBatchNorm: epsilon must be 0 or more, got -1',
  },
];
