import { defineCases } from '../define-cases.js';
import {
  convolutionTolerance,
  stridedSource,
  submanifoldSource,
  type ConvolutionCase,
} from './shared/convolution-case.js';
import * as patterns from './shared/site-patterns.js';

interface ShapeCase extends ConvolutionCase {
  readonly isStrided?: boolean;
}

const knightMoves = [
  [2, 1, 0],
  [-1, -2, 0],
  [0, 0, 0],
  [0, 2, -1],
];

/** Kernels that are no odd box, for submanifold and strided convolutions. */
export const operation = defineCases(
  'kernel-shapes',
  (id, { isStrided, ...parameters }: ShapeCase) =>
    isStrided ? stridedSource(id, parameters) : submanifoldSource(id, parameters),
  (control) => [
    control('subm-cross', {
      sites: patterns.scattered,
      inChannels: 2,
      outChannels: 3,
      kernelSize: [3, 3, 3],
      kernelShape: 'cross',
      seed: 1100,
      tolerance: convolutionTolerance,
    }),
    control.with('subm-cross-531-dilated', { kernelSize: [5, 3, 1], dilation: [1, 2, 1] }),
    control.with('subm-cross-rank-1', { sites: { count: 20, extent: [30] }, kernelSize: [3] }),
    control.with('subm-cross-rank-4', { sites: { count: 30, extent: [3, 3, 3, 3] }, kernelSize: [3, 3, 3, 3] }),
    control.with('subm-cross-batch-border', { sites: patterns.batchBorder, hasBias: true }),
    control.with('subm-cross-largest-coordinates', { sites: patterns.largest }),
    control.with('subm-cross-no-sites', { sites: patterns.noSites }),
    control.with('strided-cross', { isStrided: true, strides: [2, 2, 2], padding: [1, 1, 1] }),
    control.with('strided-cross-floor', {
      isStrided: true,
      strides: [2, 1, 2],
      padding: [1, 1, 1],
      outputRule: 'floor',
    }),
    control.with('strided-cross-spatial-shape', {
      isStrided: true,
      strides: [2, 2, 2],
      padding: [1, 1, 1],
      spatialShape: [4, 4, 5],
    }),
    control('subm-listed', {
      sites: patterns.fullGrid,
      inChannels: 2,
      outChannels: 3,
      taps: knightMoves,
      seed: 1150,
      tolerance: convolutionTolerance,
    }),
    control.with('subm-listed-dilated-padded', { dilation: [1, 1, 2], padding: [0, 1, 0] }),
    control.with('subm-listed-one', { taps: [[0, 1, 0]] }),
    control.with('subm-listed-full-box', {
      taps: [
        [0, 0, 0],
        [0, 0, 1],
        [0, 1, 0],
        [0, 1, 1],
      ],
    }),
    control.with('strided-listed', { isStrided: true, strides: [2, 1, 2] }),
    control.with('strided-listed-floor', { isStrided: true, strides: [2, 2, 2], outputRule: 'floor' }),
    control('subm-k2-from-0', {
      sites: patterns.scattered,
      inChannels: 2,
      outChannels: 3,
      kernelSize: [2, 2, 2],
      padding: [0, 0, 0],
      seed: 1170,
      tolerance: convolutionTolerance,
    }),
    control.with('subm-k2-from-minus-1', { padding: [1, 1, 1] }),
    control.with('subm-k4-from-minus-1', { sites: { count: 30, extent: [8, 8] }, kernelSize: [4, 4], padding: [1, 1] }),
    control.with('subm-k234', { kernelSize: [2, 3, 4], padding: [1, 1, 2] }),
    control.with('subm-k2-dilated', { dilation: [2, 1, 3], padding: [2, 1, 3] }),
    control.with('subm-k3-causal', { kernelSize: [3, 1, 3], padding: [2, 0, 2] }),
    control.with('subm-k2-beyond-centre', { padding: [3, 0, 0] }),
    control.with('subm-k2-largest-coordinates', { sites: patterns.largest }),
  ],
);
