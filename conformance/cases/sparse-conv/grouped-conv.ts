import { defineCases } from '../define-cases.js';
import {
  convolutionTolerance,
  inverseSource,
  stridedSource,
  submanifoldSource,
  type ConvolutionCase,
} from './shared/convolution-case.js';
import * as patterns from './shared/site-patterns.js';

interface GroupedCase extends ConvolutionCase {
  readonly kind?: 'strided' | 'inverse';
}

const sources = { subm: submanifoldSource, strided: stridedSource, inverse: inverseSource };

/** `groups` of submConv, sparseConv and sparseInverseConv; transposed and onto given sites elsewhere. */
export const operation = defineCases(
  'grouped-conv',
  (id, { kind, ...parameters }: GroupedCase) => sources[kind ?? 'subm'](id, parameters),
  (control) => [
    control('subm-2-of-4-to-6', {
      sites: patterns.scattered,
      inChannels: 4,
      outChannels: 6,
      groups: 2,
      kernelSize: [3, 3, 3],
      seed: 1300,
      tolerance: convolutionTolerance,
    }),
    control.with('subm-3-of-3-to-6', { inChannels: 3, groups: 3 }),
    control.with('subm-bias', { hasBias: true }),
    control.with('subm-no-sites', { sites: patterns.noSites, hasBias: true }),
    control.with('subm-one-site', { sites: patterns.oneSite }),
    control.with('subm-2-of-18-to-22', {
      sites: { count: 16, extent: [24] },
      inChannels: 18,
      outChannels: 22,
      kernelSize: [3],
    }),
    control.with('subm-nan-stays-in-its-group', { nanAt: [[11, 1]] }),
    control.with('strided-k2s2', { kind: 'strided', kernelSize: [2, 2, 2], strides: [2, 2, 2], hasBias: true }),
    control.with('inverse-k2s2', { kind: 'inverse', kernelSize: [2, 2, 2], strides: [2, 2, 2], hasBias: true }),
  ],
);
