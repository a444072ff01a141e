import { ones } from '@tensorflow/tfjs-core';
import { sparseConvTranspose, sparseTensor } from '@tfjs-sparse/sparse-conv';
import { transposedLayer, type ConvolutionFields } from '../../oracle/convolution-layers.js';
import * as field from '../../src/fields.js';
import { onSites } from '../../src/layer-value.js';
import type { CallCase } from '../../src/run-call.js';
import { defineCases, defineLayer } from '../define-cases.js';
import { convolutionTolerance, transposedSource } from './shared/convolution-case.js';
import { convolutionLeaves, convolutionTensors, filterOf, transposedOptions } from './shared/convolution-options.js';
import { halving } from './shared/halving.js';
import * as patterns from './shared/site-patterns.js';
import { threeSites } from './shared/three-sites.js';
import { convolutionFields } from './shared/window-fields.js';

const layer = defineLayer<ConvolutionFields>({
  op: 'tconv',
  takes: ({ output_set: set }) => !String(set).startsWith('cached:'),
  fields: {
    ...convolutionFields(field.oneOf('generate', 'given')),
    output_padding: field.optional(field.numbers),
  },
  tensors: convolutionTensors,
  leaves: convolutionLeaves,
  forward: (call) => onSites(sparseConvTranspose(call.x, filterOf(call), transposedOptions(call))),
  evaluate: transposedLayer,
});

export const operation = defineCases(
  'sparse-conv-transpose',
  transposedSource,
  (control) => [
    control('k2s2', {
      sites: patterns.scattered,
      inChannels: 3,
      outChannels: 2,
      kernelSize: [2, 2, 2],
      strides: [2, 2, 2],
      seed: 1000,
      tolerance: convolutionTolerance,
    }),
    control.with('k3s2-overlapping', { kernelSize: [3, 3, 3], padding: [1, 1, 1] }),
    control.with('k1s2', { kernelSize: [1, 1, 1] }),
    control.with('k1s1-keeps-sites', { kernelSize: [1, 1, 1], strides: [1, 1, 1] }),
    control.with('k3s1', { kernelSize: [3, 3, 3], strides: [1, 1, 1], sites: patterns.oneSite }),
    control.with('k122-strides-312', { kernelSize: [1, 2, 2], strides: [3, 1, 2] }),
    control.with('padding-012', { padding: [0, 1, 2] }),
    control.with('dilated', { kernelSize: [1, 2, 3], dilation: [1, 3, 2] }),
    control.with('spatial-shape', { spatialShape: [4, 4, 5] }),
    control.with('spatial-shape-cuts', { spatialShape: [4, 4, 5], kernelSize: [3, 3, 3], padding: [1, 1, 0] }),
    control.with('output-padding', {
      spatialShape: [4, 4, 5],
      kernelSize: [3, 1, 3],
      padding: [1, 0, 0],
      outputPadding: [1, 1, 0],
    }),
    control.with('cross', { kernelShape: 'cross', kernelSize: [3, 3, 3], padding: [1, 1, 1] }),
    control.with('listed-offsets', {
      kernelSize: undefined,
      taps: [
        [1, 0, 0],
        [-2, 0, 3],
        [0, 0, 0],
      ],
    }),
    control.with('target', { target: { count: 40, extent: [8, 8, 10] }, hasBias: true }),
    control.with('target-elsewhere', { target: patterns.negative, hasBias: true }),
    control.with('target-empty', { target: patterns.noSites }),
    control.with('target-from-no-sites', { sites: patterns.noSites, target: patterns.oneSite, hasBias: true }),
    control.with('groups-2', { inChannels: 4, outChannels: 6, groups: 2, hasBias: true }),
    control.with('bias', { hasBias: true }),
    control.with('no-sites', { sites: patterns.noSites, hasBias: true }),
    control.with('one-site', { sites: patterns.oneSite }),
    control.with('full-grid', { sites: patterns.fullGrid }),
    control.with('batch-border', { sites: patterns.batchBorder, kernelSize: [3, 3, 3] }),
    control.with('empty-cloud-between', { sites: patterns.emptyCloud, kernelSize: [1, 2, 2], strides: [1, 2, 2] }),
    control.with('negative-coordinates', { sites: patterns.negative }),
    control.with('unsorted-input', { sites: patterns.shuffled }),
    control.with('channels-9-to-17', { sites: patterns.oneSite, inChannels: 9, outChannels: 17 }),
    control.with('rank-1', { sites: { count: 20, extent: [30] }, kernelSize: [3], strides: [2] }),
    control.with('rank-2', { sites: { count: 20, extent: [9, 9] }, kernelSize: [2, 3], strides: [2, 3] }),
    control.with('rank-4', {
      sites: { count: 6, extent: [3, 3, 3, 3] },
      kernelSize: [2, 2, 2, 2],
      strides: [2, 2, 2, 2],
    }),
    control.with('nan-feature', { nanAt: [[11, 1]] }),
    control.with('sites-600', {
      sites: { count: 600, extent: [2000] },
      inChannels: 1,
      outChannels: 1,
      kernelSize: [2],
      strides: [2],
    }),
  ],
  [layer],
);

/** Calls that must be refused, word for word alike on every backend; arguments are made within the call. */
export const calls: readonly CallCase[] = [
  {
    id: 'sparse-conv-transpose/output-padding',
    call: () => sparseConvTranspose(threeSites(), ones([8, 2, 2]), { ...halving, outputPadding: [0, 2, 0] }),
    error: 'RangeError: sparseConvTranspose: outputPadding must be less than strides [2, 2, 2], got [0, 2, 0]',
  },
  {
    id: 'sparse-conv-transpose/output-beyond-21-bits',
    call: () => {
      const x = sparseTensor(ones([1, 2]), [[0, 0, 2 ** 19, 0]], { rank: 3 });
      return sparseConvTranspose(x, ones([8, 2, 2]), halving);
    },
    error:
      'RangeError: downsample: output coordinates must lie in [-1048576, 1048576), got [0, 1048576, 0] to [1, 1048577, 1]',
  },
];
