import { elementwise, withNumber } from '../../lowering/elementwise.js';
import { localResponse } from '../../lowering/normalization.js';
import { norm } from '../../lowering/reductions.js';
import { activated } from '../fused-activation.js';
import { input, requireRank, type TfliteOp } from '../tflite-operation.js';
import { channelsFirst, channelsLast } from './images.js';

const lengthFields = { activation: 0 }; // of L2NormOptions
const responseFields = { radius: 0, bias: 1, alpha: 2, beta: 3 }; // of LocalResponseNormalizationOptions
const least = 1e-6; // that LiteRT divides by

export const normalizationOps: Readonly<Record<string, TfliteOp>> = {
  L2_NORMALIZATION(operation) {
    const { builder } = operation;
    const x = input(operation, 0);
    const length = withNumber(builder, 'Maximum', norm(builder, x, 2, [x.shape.length - 1], true), least);
    return activated(operation, elementwise(builder, 'RealDiv', [x, length]), lengthFields.activation);
  },
  /** Its alpha is of each channel of the window, not of their mean. */
  LOCAL_RESPONSE_NORMALIZATION(operation) {
    const { builder, options } = operation;
    const x = input(operation, 0);
    requireRank(operation, x, 4);
    const size = 2 * options.integer(responseFields.radius) + 1;
    const [alpha, beta, bias] = [responseFields.alpha, responseFields.beta, responseFields.bias].map((field) => options.number(field)); // prettier-ignore
    return channelsLast(builder, localResponse(builder, channelsFirst(builder, x), size, alpha * size, beta, bias));
  },
};
