import { gatherRowsOp, registerOp, sumRowsOp } from '@tfjs-sparse/core';
import { mapFilterGradientOp } from './filter-gradient/op.js';
import { mapConvolutionOp } from './map-convolution/op.js';

registerOp(gatherRowsOp);
registerOp(sumRowsOp);
registerOp(mapConvolutionOp);
registerOp(mapFilterGradientOp);
