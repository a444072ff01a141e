import { gatherRowsOp, registerOp, sumRowsOp } from '@tfjs-sparse/core';
import { mapFilterGradientOp } from './filter-gradient/op.js';
import { mapConvolutionOp } from './map-convolution/op.js';
import { maxRowsGradientOp, maxRowsOp } from './max-rows/op.js';
import {
  siteBatchNormGradientOp,
  siteBatchNormOp,
  siteMomentsOp,
  siteNormalizeOp,
  siteNormalizeSumsOp,
} from './site-batch-norm/definitions.js';
import { sumPointsOp } from './voxelize/sum-points.js';

registerOp(gatherRowsOp);
registerOp(sumRowsOp);
registerOp(mapConvolutionOp);
registerOp(mapFilterGradientOp);
registerOp(maxRowsOp);
registerOp(maxRowsGradientOp);
registerOp(siteMomentsOp);
registerOp(siteNormalizeOp);
registerOp(siteNormalizeSumsOp);
registerOp(siteBatchNormOp);
registerOp(siteBatchNormGradientOp);
registerOp(sumPointsOp);
