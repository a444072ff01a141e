import { requireFormat } from '../../format-error.js';
import { counted, filled, oneHot } from '../../lowering/creation.js';
import { gatherNd } from '../../lowering/gathering.js';
import { isSame, plain } from '../../lowering/layout.js';
import { axisOf, gather, gatherOfBatches } from '../../lowering/slicing.js';
import type { Value } from '../../lowering/value.js';
import { input, knownInput, sizesInput, type TfliteOp, type TfliteOperation } from '../tflite-operation.js';

const gatherFields = { axis: 0, batchAxes: 1 };
const oneHotFields = { axis: 0 };

/** Operators that pick elements by their places, and those that make tensors. */
export const gatherOps: Readonly<Record<string, TfliteOp>> = {
  GATHER(operation) {
    const { builder, options } = operation;
    const x = input(operation, 0);
    const indices = indicesOf(operation, 1);
    const axis = axisOf(options.integer(gatherFields.axis), x.shape.length);
    const given = options.integer(gatherFields.batchAxes);
    const batchAxes = given < 0 ? given + indices.shape.length : given;
    if (batchAxes === 0) return gather(builder, x, indices, axis);
    const areBatches = batchAxes > 0 && batchAxes <= Math.min(axis, indices.shape.length) && isSame(x.shape.slice(0, batchAxes), indices.shape.slice(0, batchAxes)); // prettier-ignore
    requireFormat(areBatches, 'readTflite', `the first ${batchAxes} axes of GATHER must be the same`, `[${x.shape}] and [${indices.shape}]`); // prettier-ignore
    return gatherOfBatches(builder, x, indices, axis, batchAxes);
  },
  EMBEDDING_LOOKUP: (operation) => gather(operation.builder, input(operation, 1), indicesOf(operation, 0), 0),
  GATHER_ND(operation) {
    const [x, indices] = [input(operation, 0), indicesOf(operation, 1)];
    const depth = indices.shape.at(-1);
    const isFitting = typeof depth === 'number' && depth >= 1 && depth <= x.shape.length;
    requireFormat(isFitting, 'readTflite', `indices of GATHER_ND must be of 1 to ${x.shape.length} axes`, depth);
    return gatherNd(operation.builder, x, indices);
  },
  /** Sums of updates at indices `[..., depth]`; zeros elsewhere. */
  SCATTER_ND(operation) {
    const { builder } = operation;
    const [indices, updates, shape] = [indicesOf(operation, 0), input(operation, 1), sizesInput(operation, 2)];
    const depth = indices.shape.at(-1);
    const isFitting = typeof depth === 'number' && depth >= 1 && depth <= shape.length;
    requireFormat(isFitting, 'readTflite', `indices of SCATTER_ND must be of 1 to ${shape.length} axes`, depth);
    const wanted = [...indices.shape.slice(0, -1), ...shape.slice(depth)];
    requireFormat(wanted.join() === updates.shape.join(), 'readTflite', `updates of SCATTER_ND must be [${wanted}]`, `[${updates.shape}]`); // prettier-ignore
    const inputs = [plain(builder, indices), plain(builder, updates), builder.integers(shape)];
    return builder.emit('ScatterNd', inputs, { dtype: updates.dtype, shape });
  },
  ONE_HOT(operation) {
    const { builder, options } = operation;
    const indices = indicesOf(operation, 0);
    const [[depth], [on], [off]] = [1, 2, 3].map((i) => knownInput(operation, i));
    const axis = axisOf(options.integer(oneHotFields.axis, 0), indices.shape.length + 1);
    return oneHot(builder, indices, input(operation, 2).dtype, { depth, on, off, axis });
  },
  SHAPE: (operation) => operation.builder.integers(input(operation, 0).shape),
  RANK: (operation) => operation.builder.integers([input(operation, 0).shape.length], []),
  FILL: (operation) => filled(operation.builder, sizesInput(operation, 0), input(operation, 1)),
  RANGE(operation) {
    const [start, end, step] = [0, 1, 2].map((i) => input(operation, i));
    return counted(operation.builder, start, end, step);
  },
};

function indicesOf(operation: TfliteOperation, index: number): Value {
  const indices = input(operation, index);
  requireFormat(indices.dtype === 'int32', 'readTflite', `indices of ${operation.op} must be integers`, indices.dtype);
  return indices;
}
