import { resizeImages } from '../../lowering/resizing.js';
import type { Value } from '../../lowering/value.js';
import { input, requireRank, sizesInput, type TfliteOp, type TfliteOperation } from '../tflite-operation.js';
import { channelsFirst, channelsLast } from './images.js';

const bilinearFields = { alignsCorners: 2, hasHalfCentres: 3 }; // behind two that are no longer used
const nearestFields = { alignsCorners: 0, hasHalfCentres: 1 };

export const resizeOps: Readonly<Record<string, TfliteOp>> = {
  RESIZE_BILINEAR: (operation) => resized(operation, 'ResizeBilinear', bilinearFields),
  RESIZE_NEAREST_NEIGHBOR: (operation) => resized(operation, 'ResizeNearestNeighbor', nearestFields),
};

function resized(
  operation: TfliteOperation,
  op: 'ResizeBilinear' | 'ResizeNearestNeighbor',
  { alignsCorners, hasHalfCentres }: typeof nearestFields,
): Value {
  const { builder, options } = operation;
  const x = input(operation, 0);
  requireRank(operation, x, 4);
  const places = options.flag(alignsCorners) ? 'corners' : options.flag(hasHalfCentres) ? 'centres' : 'edges';
  const [height, width] = sizesInput(operation, 1);
  return channelsLast(builder, resizeImages(builder, op, channelsFirst(builder, x), [height, width], places));
}
