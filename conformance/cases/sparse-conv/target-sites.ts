import { defineCases } from '../define-cases.js';
import { convolutionTolerance, stridedSource } from './shared/convolution-case.js';
import * as patterns from './shared/site-patterns.js';

/** `sparseConv` onto given sites; sparse-conv-transpose has its own. */
export const operation = defineCases('target-sites', stridedSource, (control) => [
  control('k3', {
    sites: patterns.scattered,
    target: { count: 20, extent: [5, 5, 6] },
    inChannels: 2,
    outChannels: 3,
    kernelSize: [3, 3, 3],
    padding: [1, 1, 1],
    seed: 1200,
    tolerance: convolutionTolerance,
  }),
  control.with('bias', { hasBias: true }),
  control.with('k2s2', {
    kernelSize: [2, 2, 2],
    strides: [2, 2, 2],
    padding: [0, 0, 0],
    target: { count: 20, extent: [3, 3, 4] },
  }),
  control.with('k3-dilated', { dilation: [2, 1, 2], padding: [2, 1, 2] }),
  control.with('cross', { kernelShape: 'cross' }),
  control.with('no-sites', { sites: patterns.noSites, hasBias: true }),
  control.with('no-target', { target: patterns.noSites }),
  control.with('elsewhere', { target: { list: [[0, 9, 9, 9]] }, hasBias: true }),
  control.with('batch-border', { sites: patterns.batchBorder, target: patterns.emptyCloud, batchSize: 3 }),
  control.with('negative', { sites: patterns.negative, target: patterns.negative }),
  control.with('largest-coordinates', { sites: patterns.largest, target: patterns.largest }),
  control.with('groups-2', { inChannels: 4, outChannels: 2, groups: 2 }),
  control.with('depthwise', { isDepthwise: true, hasBias: true }),
  control.with('sites-1100-to-1300', {
    sites: { count: 1100, extent: [2000] },
    target: { count: 1300, extent: [2000] },
    inChannels: 1,
    outChannels: 1,
    kernelSize: [3],
    padding: [1],
  }),
]);
