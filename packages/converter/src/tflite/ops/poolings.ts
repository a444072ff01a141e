import { unary } from '../../lowering/elementwise.js';
import { averagePooling, maxPooling } from '../../lowering/pooling.js';
import type { Value } from '../../lowering/value.js';
import { activated } from '../fused-activation.js';
import { input, requireRank, type TfliteOp, type TfliteOperation } from '../tflite-operation.js';
import { channelsFirst, channelsLast, padsOf, requireSteps } from './images.js';

// Of Pool2DOptions.
const fields = { padding: 0, strideWidth: 1, strideHeight: 2, width: 3, height: 4, activation: 5 };

export const poolingOps: Readonly<Record<string, TfliteOp>> = {
  AVERAGE_POOL_2D: (operation) => pooled(operation, input(operation, 0), average),
  MAX_POOL_2D: (operation) => pooled(operation, input(operation, 0), maxPooling),
  /** Root of the mean square. */
  L2_POOL_2D(operation) {
    const { builder } = operation;
    const squares = unary(builder, 'Square', input(operation, 0));
    return pooled(operation, squares, (...of) => unary(builder, 'Sqrt', average(...of)));
  },
};

/** Without what is around the places. */
function average(...[builder, x, options]: Parameters<typeof maxPooling>): Value {
  return averagePooling(builder, x, { ...options, countsPads: false });
}

function pooled(operation: TfliteOperation, x: Value, pooling: typeof maxPooling): Value {
  const { builder, options } = operation;
  requireRank(operation, x, 4);
  const strides = [options.integer(fields.strideHeight), options.integer(fields.strideWidth)];
  const kernel = [options.integer(fields.height), options.integer(fields.width)];
  requireSteps(operation, 'strides', strides);
  requireSteps(operation, 'windows', kernel);
  const dilations = [1, 1];
  const pads = padsOf(operation, fields.padding, x.shape.slice(1, 3), kernel, strides, dilations);
  const images = pooling(builder, channelsFirst(builder, x), { kernel, strides, dilations, pads, isCeiling: false });
  return channelsLast(builder, activated(operation, images, fields.activation));
}
