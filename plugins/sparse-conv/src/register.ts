import { addThreadedBinaries, gatherRowsOp, registerOp, sumRowsOp } from '@tfjs-sparse/core';
import { mapFilterGradientOp } from './filter-gradient/op.js';
import { joinChannelsOp, takeChannelsOp } from './join-channels/op.js';
import { mapConvolutionOp, rectifiedMapConvolutionOp } from './map-convolution/op.js';
import { mapDepthwiseFilterGradientOp, mapDepthwiseOp } from './map-depthwise/op.js';
import { maxRowsGradientOp, maxRowsOp } from './max-rows/op.js';
import { maxWindowsGradientOp, maxWindowsOp } from './max-windows/op.js';
import {
  siteBatchNormGradientOp,
  siteBatchNormOp,
  siteMomentsOp,
  siteNormalizeOp,
  siteNormalizeSumsOp,
} from './site-batch-norm/definitions.js';
import { rectifierGradientOp } from './rectifier-gradient/op.js';
import { siteSumsOp } from './site-sums/op.js';
import { sumPointsOp } from './voxelize/sum-points.js';
import { binaries } from './wasm-binaries.js';
import { weightedRowsOp } from './weighted-rows/op.js';

/** Calls `register` with every op; conformance puts the plain kernels on the cpu backend with it. */
export function forEachOp(register: typeof registerOp): void {
  register(gatherRowsOp);
  register(sumRowsOp);
  register(mapConvolutionOp);
  register(rectifiedMapConvolutionOp);
  register(mapFilterGradientOp);
  register(mapDepthwiseOp);
  register(mapDepthwiseFilterGradientOp);
  register(maxRowsOp);
  register(maxRowsGradientOp);
  register(maxWindowsOp);
  register(maxWindowsGradientOp);
  register(siteMomentsOp);
  register(siteNormalizeOp);
  register(siteNormalizeSumsOp);
  register(siteBatchNormOp);
  register(siteBatchNormGradientOp);
  register(rectifierGradientOp);
  register(siteSumsOp);
  register(joinChannelsOp);
  register(takeChannelsOp);
  register(sumPointsOp);
  register(weightedRowsOp);
}

forEachOp(registerOp);
addThreadedBinaries(binaries);
