import { addThreadedBinaries, registerCoreOps, registerOp } from '@tfjs-sparse/core';
import { joinChannelsOp, takeChannelsOp } from './join-channels/definition.js';
import { mapConvolutionOps, mapFilterGradientOp } from './map-convolution/definition.js';
import { mapDepthwiseFilterGradientOp, mapDepthwiseOps } from './map-depthwise/definition.js';
import {
  siteBatchNormGradientOp,
  siteBatchNormOp,
  siteMomentsOp,
  siteNormalizeOp,
  siteNormalizeSumsOp,
} from './site-batch-norm/definition.js';
import { sumPointsOp } from './voxelize/sum-points.js';
import { binaries } from './wasm-binaries.js';

/** Calls `register` with every op; conformance puts the plain kernels on the cpu backend with it. */
export function forEachOp(register: typeof registerOp): void {
  register(mapConvolutionOps.linear);
  register(mapConvolutionOps.activated);
  register(mapFilterGradientOp);
  register(mapDepthwiseOps.linear);
  register(mapDepthwiseOps.activated);
  register(mapDepthwiseFilterGradientOp);
  register(siteMomentsOp);
  register(siteNormalizeOp);
  register(siteNormalizeSumsOp);
  register(siteBatchNormOp);
  register(siteBatchNormGradientOp);
  register(joinChannelsOp);
  register(takeChannelsOp);
  register(sumPointsOp);
}

registerCoreOps();
forEachOp(registerOp);
addThreadedBinaries(binaries);
