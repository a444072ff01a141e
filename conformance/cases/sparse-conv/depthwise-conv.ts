import { ones, type Tensor2D } from '@tensorflow/tfjs-core';
import { sparseDepthwiseConv, submDepthwiseConv } from '@tfjs-sparse/sparse-conv';
import { convolutionLayer } from '../../oracle/convolution-layers.js';
import * as field from '../../src/fields.js';
import { onSites } from '../../src/layer-value.js';
import type { CallCase } from '../../src/run-call.js';
import { defineCases, defineLayer } from '../define-cases.js';
import {
  convolutionTolerance,
  stridedSource,
  submanifoldSource,
  type ConvolutionCase,
} from './shared/convolution-case.js';
import { convolutionLeaves, convolutionTensors, stridedOptions, submOptions } from './shared/convolution-options.js';
import { halving } from './shared/halving.js';
import * as patterns from './shared/site-patterns.js';
import { threeSites } from './shared/three-sites.js';
import { convolutionFields, type ForwardFields } from './shared/window-fields.js';

const layer = defineLayer<ForwardFields>({
  op: 'depthwise',
  fields: {
    ...convolutionFields(field.oneOf('same', 'covering', 'window', 'ts_window', 'floor', 'given')),
    groups: field.optional(field.oneOf(1)),
  },
  tensors: convolutionTensors,
  leaves: convolutionLeaves,
  forward(call) {
    const filter = call.parameter('weight') as Tensor2D;
    if (call.layer.output_set === 'same') return onSites(submDepthwiseConv(call.x, filter, submOptions(call)));
    return onSites(sparseDepthwiseConv(call.x, filter, stridedOptions(call)));
  },
  evaluate: convolutionLayer,
});

interface DepthwiseCase extends ConvolutionCase {
  readonly isStrided?: boolean;
}

const strided = { isStrided: true, kernelSize: [2, 2, 2], strides: [2, 2, 2] };

export const operation = defineCases(
  'depthwise-conv',
  (id, { isStrided, ...parameters }: DepthwiseCase) =>
    isStrided ? stridedSource(id, parameters) : submanifoldSource(id, parameters),
  (control) => [
    control('subm-k3', {
      sites: patterns.scattered,
      isDepthwise: true,
      inChannels: 5,
      outChannels: 5,
      kernelSize: [3, 3, 3],
      seed: 1400,
      tolerance: convolutionTolerance,
    }),
    ...[1, 3, 4, 8, 16, 17, 36].map((inChannels) =>
      control.with(`channels-${inChannels}`, { sites: { count: 20, extent: [30] }, kernelSize: [3], inChannels }),
    ),
    control.with('bias', { hasBias: true }),
    control.with('no-sites', { sites: patterns.noSites, hasBias: true }),
    control.with('one-site', { sites: patterns.oneSite }),
    control.with('full-grid', { sites: patterns.fullGrid }),
    control.with('batch-border', { sites: patterns.batchBorder }),
    control.with('empty-cloud-between', { sites: patterns.emptyCloud }),
    control.with('negative-coordinates', { sites: patterns.negative }),
    control.with('largest-coordinates', { sites: patterns.largest }),
    control.with('unsorted-input', { sites: patterns.shuffled }),
    control.with('k1', { kernelSize: [1, 1, 1] }),
    control.with('k313-dilated', { kernelSize: [3, 1, 3], dilation: [2, 1, 1] }),
    control.with('k2-from-0', { kernelSize: [2, 2, 2], padding: [0, 0, 0] }),
    control.with('cross', { kernelShape: 'cross' }),
    control.with('rank-2', { sites: { count: 30, extent: [8, 8] }, kernelSize: [3, 3] }),
    control.with('rank-4', { sites: { count: 20, extent: [3, 3, 3, 3] }, inChannels: 1, kernelSize: [3, 3, 3, 3] }),
    control.with('nan-stays-in-its-channel', { nanAt: [[11, 1]] }),
    control.with('sites-1100', { sites: { count: 1100, extent: [2000] }, inChannels: 1, kernelSize: [3] }),
    control.with('strided-k2s2', strided),
    control.with('strided-k3s2p1-bias', { ...strided, kernelSize: [3, 3, 3], padding: [1, 1, 1], hasBias: true }),
    control.with('strided-floor', { ...strided, kernelSize: [3, 3, 3], padding: [1, 1, 1], outputRule: 'floor' }),
    control.with('strided-no-sites', { ...strided, sites: patterns.noSites }),
    control.with('strided-sites-1100', {
      ...strided,
      sites: { count: 1100, extent: [2000] },
      inChannels: 1,
      kernelSize: [3],
      strides: [2],
    }),
  ],
  [layer],
);

/** Calls that must be refused, word for word alike on every backend; arguments are made within the call. */
export const calls: readonly CallCase[] = [
  {
    id: 'subm-depthwise-conv/filter-of-rank-3',
    call: () => submDepthwiseConv(threeSites(), ones([27, 1, 2]) as never, { kernelSize: [3, 3, 3] }),
    error: 'RangeError: submDepthwiseConv: filter must have shape [offsets, channels], got [27, 1, 2]',
  },
  {
    id: 'sparse-depthwise-conv/filter-channels',
    call: () => sparseDepthwiseConv(threeSites(), ones([8, 3]), halving),
    error: 'RangeError: sparseDepthwiseConv: filter must have 2 channels (as features), got 3',
  },
];
