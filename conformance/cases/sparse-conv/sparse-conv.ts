import { ones } from '@tensorflow/tfjs-core';
import { sparseConv } from '@tfjs-sparse/sparse-conv';
import { convolutionLayer } from '../../oracle/convolution-layers.js';
import { onSites } from '../../src/layer-value.js';
import type { CallCase } from '../../src/run-call.js';
import { defineCases, defineLayer } from '../define-cases.js';
import { convolutionTolerance, stridedSource, type ConvolutionCase } from './shared/convolution-case.js';
import { convolutionLeaves, convolutionTensors, filterOf, stridedOptions } from './shared/convolution-options.js';
import { halving } from './shared/halving.js';
import * as patterns from './shared/site-patterns.js';
import { threeSites } from './shared/three-sites.js';
import { convolutionFields, stridedSets, type ForwardFields } from './shared/window-fields.js';

const layer = defineLayer<ForwardFields>({
  op: 'conv',
  takes: ({ output_set: set }) => set !== 'same',
  fields: convolutionFields(stridedSets),
  tensors: convolutionTensors,
  leaves: convolutionLeaves,
  forward: (call) => onSites(sparseConv(call.x, filterOf(call), stridedOptions(call))),
  evaluate: convolutionLayer,
});

/** The way down; sparse-inverse-conv goes the same ways up again. */
export const stridedControl: ConvolutionCase = {
  sites: patterns.scattered,
  inChannels: 2,
  outChannels: 3,
  kernelSize: [3, 3, 3],
  strides: [2, 2, 2],
  padding: [1, 1, 1],
  seed: 200,
  tolerance: convolutionTolerance,
};

/** One thing changed each, for both directions. */
export const stridedChanges: readonly (readonly [name: string, change: Partial<ConvolutionCase>])[] = [
  ['k2s2', { kernelSize: [2, 2, 2], padding: [0, 0, 0] }],
  ['k4s2', { kernelSize: [4, 2, 4] }],
  ['k3s1', { strides: [1, 1, 1], sites: patterns.oneSite }], // sparsity dilates
  ['k2s3-unreachable-sites', { kernelSize: [2, 2, 2], strides: [3, 3, 3], padding: [0, 0, 0], hasBias: true }],
  ['k133-strides-122', { kernelSize: [1, 3, 3], strides: [1, 2, 2], padding: [0, 1, 1] }],
  ['strides-213', { strides: [2, 1, 3] }],
  ['padding-012', { padding: [0, 1, 2] }],
  ['dilated', { dilation: [2, 1, 2], padding: [2, 1, 2] }],
  ['covering-from-minimum', { outputRule: 'coveringFromMinimum' }],
  ['covering-from-minimum-k2s2', { outputRule: 'coveringFromMinimum', kernelSize: [2, 2, 2], padding: [0, 0, 0] }],
  ['floor', { outputRule: 'floor' }],
  ['floor-k2s2', { outputRule: 'floor', kernelSize: [2, 2, 2], padding: [0, 0, 0] }],
  ['floor-s3', { outputRule: 'floor', strides: [3, 3, 3] }],
  ['floor-negative-coordinates', { outputRule: 'floor', sites: patterns.negative }],
  ['spatial-shape', { spatialShape: [4, 4, 5] }],
  ['spatial-shape-cuts-windows', { spatialShape: [4, 5, 6], padding: [0, 0, 0] }],
  ['channels-4-to-8', { sites: patterns.batchBorder, inChannels: 4, outChannels: 8, kernelSize: [2, 2, 2] }],
  ['bias', { hasBias: true }],
  ['no-sites', { sites: patterns.noSites, hasBias: true }],
  ['no-sites-floor', { sites: patterns.noSites, outputRule: 'floor' }],
  ['one-site', { sites: patterns.oneSite }],
  ['full-grid', { sites: patterns.fullGrid }],
  ['batch-border', { sites: patterns.batchBorder }],
  ['empty-cloud-between', { sites: patterns.emptyCloud }],
  ['negative-coordinates', { sites: patterns.negative }],
  ['largest-coordinates', { sites: patterns.largest, outputRule: 'floor' }],
  ['unsorted-input', { sites: patterns.shuffled }],
  ['rank-1', { sites: { count: 20, extent: [30] }, kernelSize: [3], strides: [2], padding: [1] }],
  ['rank-2', { sites: { count: 40, extent: [9, 9] }, kernelSize: [3, 3], strides: [2, 2], padding: [1, 1] }],
  [
    'rank-4',
    {
      sites: { count: 30, extent: [3, 3, 3, 3] },
      kernelSize: [2, 2, 2, 2],
      strides: [2, 2, 2, 2],
      padding: [0, 0, 0, 0],
    },
  ],
  ['zero-weights', { hasZeroWeights: true }],
  ['nan-feature', { nanAt: [[11, 1]] }],
  ['channels-3-to-7', { sites: patterns.batchBorder, inChannels: 3, outChannels: 7 }],
  [
    'channels-17-to-9',
    { sites: patterns.oneSite, inChannels: 17, outChannels: 9, kernelSize: [1, 2, 2], padding: [0, 1, 1] },
  ],
];

export const operation = defineCases(
  'sparse-conv',
  stridedSource,
  (control) => [
    control('k3s2p1', stridedControl),
    ...stridedChanges.map(([name, change]) => control.with(name, change)),
    control.with('sites-1300', {
      sites: { count: 1300, extent: [2000] },
      inChannels: 1,
      outChannels: 2,
      kernelSize: [3],
      strides: [2],
      padding: [1],
    }),
  ],
  [layer],
);

/** Calls that must be refused, word for word alike on every backend; arguments are made within the call. */
export const calls: readonly CallCase[] = [
  {
    id: 'sparse-conv/target-of-another-stride',
    call: () => {
      const x = threeSites();
      return sparseConv(x, ones([8, 2, 2]), { ...halving, target: x.map });
    },
    error: 'RangeError: sparseConv: target must have stride [2, 2, 2] (that of the output), got [1, 1, 1]',
  },
  {
    id: 'sparse-conv/strides-0',
    call: refused({ strides: [2, 0, 2] }),
    error: 'RangeError: sparseConv: strides must be an integer >= 1, or 3 of them, got [2, 0, 2]',
  },
  {
    id: 'sparse-conv/strides-of-another-rank',
    call: refused({ strides: [2, 2] }),
    error: 'RangeError: sparseConv: strides must be an integer >= 1, or 3 of them, got [2, 2]',
  },
  {
    id: 'sparse-conv/negative-padding',
    call: refused({ padding: [0, -1, 0] }),
    error: 'RangeError: sparseConv: padding must be an integer >= 0, or 3 of them, got [0, -1, 0]',
  },
  {
    id: 'sparse-conv/unknown-output-rule',
    call: refused({ outputRule: 'same' }),
    error: "RangeError: sparseConv: outputRule must be 'covering', 'coveringFromMinimum' or 'floor', got same",
  },
  {
    id: 'sparse-conv/filter-channels',
    call: () => sparseConv(threeSites(), ones([8, 1, 2]), halving),
    error: 'RangeError: sparseConv: filter must have 2 input channels (as features), got 1',
  },
];

function refused(changes: object) {
  return () => sparseConv(threeSites(), ones([8, 2, 2]), { ...halving, ...changes });
}
