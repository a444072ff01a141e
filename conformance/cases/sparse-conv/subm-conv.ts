import { submConv } from '@tfjs-sparse/sparse-conv';
import { convolutionLayer } from '../../oracle/convolution-layers.js';
import * as field from '../../src/fields.js';
import type { GoldenLayer } from '../../src/golden-file.js';
import { onSites } from '../../src/layer-value.js';
import { defineCases, defineLayer, type CaseLayer } from '../define-cases.js';
import { convolutionTolerance, submanifoldSource } from './shared/convolution-case.js';
import { convolutionLeaves, convolutionTensors, filterOf, submOptions } from './shared/convolution-options.js';
import * as patterns from './shared/site-patterns.js';
import { convolutionFields, noStride, type ForwardFields } from './shared/window-fields.js';

/**
 * The convolutions that keep their sites: `conv` with the output set `same`, and `linear`, whose kernel is one cell.
 *
 * @param op what is tested
 */
export function submanifoldLayers(op: typeof submConv): CaseLayer[] {
  const isSame = ({ output_set: set }: GoldenLayer) => set === 'same';
  return [
    { op: 'conv', takes: isSame, keepsSites: false },
    { op: 'linear', takes: () => true, keepsSites: true },
  ].map((word) =>
    defineLayer<ForwardFields>({
      ...word,
      fields: { ...convolutionFields(field.oneOf('same')), stride: noStride },
      tensors: convolutionTensors,
      leaves: convolutionLeaves,
      forward: (call) => onSites(op(call.x, filterOf(call), submOptions(call))),
      evaluate: convolutionLayer,
    }),
  );
}

export const operation = defineCases(
  'subm-conv',
  submanifoldSource,
  (control) => [
    control('k3', {
      sites: patterns.scattered,
      inChannels: 2,
      outChannels: 3,
      kernelSize: [3, 3, 3],
      seed: 100,
      tolerance: convolutionTolerance,
    }),
    control.with('no-sites', { sites: patterns.noSites }),
    control.with('one-site', { sites: patterns.oneSite }),
    control.with('isolated-sites', { sites: patterns.isolated }),
    control.with('full-grid', { sites: patterns.fullGrid }),
    control.with('batch-border', { sites: patterns.batchBorder }),
    control.with('empty-cloud-between', { sites: patterns.emptyCloud }),
    control.with('empty-clouds-after', { batchSize: 4 }),
    control.with('negative-coordinates', { sites: patterns.negative }),
    control.with('largest-coordinates', { sites: patterns.largest }),
    control.with('unsorted-input', { sites: patterns.shuffled }),
    control.with('channels-4-to-4', { inChannels: 4, outChannels: 4 }),
    control.with('rank-1', { sites: { count: 20, extent: [30] }, kernelSize: [3] }),
    control.with('rank-2', { sites: { count: 30, extent: [8, 8] }, kernelSize: [3, 3] }),
    control.with('rank-4', { sites: { count: 30, extent: [3, 3, 3, 3] }, inChannels: 1, kernelSize: [3, 3, 3, 3] }),
    control.with('k1', { kernelSize: [1, 1, 1] }),
    control.with('k133', { kernelSize: [1, 3, 3] }),
    control.with('k313', { kernelSize: [3, 1, 3] }),
    control.with('k5', { sites: { count: 30, extent: [8, 8] }, kernelSize: [5, 5] }),
    control.with('k3-dilated', { dilation: [2, 2, 2] }),
    control.with('k3-dilated-per-axis', { dilation: [1, 3, 2] }),
    control.with('bias', { hasBias: true }),
    control.with('no-sites-bias', { sites: patterns.noSites, hasBias: true }),
    control.with('zero-weights', { hasZeroWeights: true }),
    control.with('nan-feature', { nanAt: [[11, 1]] }), // the window of that site, in every output channel
    ...[
      [1, 1],
      [3, 7],
      [7, 9],
      [8, 8],
      [9, 17],
      [16, 12],
      [17, 21],
      [33, 3],
    ].map(([inChannels, outChannels]) =>
      control.with(`channels-${inChannels}-to-${outChannels}`, {
        sites: { count: 16, extent: [24] },
        inChannels,
        outChannels,
        kernelSize: [3],
      }),
    ),
    control.with('channels-64-to-8', {
      sites: { count: 12, extent: [20] },
      inChannels: 64,
      outChannels: 8,
      kernelSize: [3],
    }),
    control.with('sites-2500', {
      sites: { count: 2500, extent: [4000] },
      inChannels: 1,
      outChannels: 2,
      kernelSize: [3],
    }),
  ],
  submanifoldLayers(submConv),
);
