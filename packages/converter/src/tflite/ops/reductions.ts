import { requireFormat } from '../../format-error.js';
import { reshape } from '../../lowering/layout.js';
import { argument, cumulative, reduce, topK } from '../../lowering/reductions.js';
import { axisOf } from '../../lowering/slicing.js';
import { elementCount, sizesOf } from '../../lowering/value.js';
import { input, knownInput, type TfliteOp } from '../tflite-operation.js';
import { mapped } from './mapped.js';

const reducerFields = { keepsAxes: 0 };
const cumulativeFields = { isExclusive: 0, isReverse: 1 };

export const reductionOps: Readonly<Record<string, TfliteOp>> = {
  ...mapped(
    { SUM: 'Sum', MEAN: 'Mean', REDUCE_MAX: 'Max', REDUCE_MIN: 'Min', REDUCE_PROD: 'Prod', REDUCE_ANY: 'Any', REDUCE_ALL: 'All' } as const,
    (operation, op) => {
      const x = input(operation, 0);
      const axes = [...new Set(knownInput(operation, 1).map((axis) => axisOf(axis, x.shape.length)))];
      if (axes.length === 0) return x;
      return reduce(operation.builder, op, x, axes, operation.options.flag(reducerFields.keepsAxes));
    },
  ), // prettier-ignore
  ...mapped({ ARG_MAX: 'ArgMax', ARG_MIN: 'ArgMin' } as const, (operation, op) => {
    const x = input(operation, 0);
    return argument(operation.builder, op, x, axisOf(knownInput(operation, 1)[0], x.shape.length));
  }),
  CUMSUM(operation) {
    const { builder, options } = operation;
    const x = input(operation, 0);
    const axis = axisOf(knownInput(operation, 1)[0], x.shape.length);
    const [isExclusive, isReverse] = [options.flag(cumulativeFields.isExclusive), options.flag(cumulativeFields.isReverse)]; // prettier-ignore
    return cumulative(builder, 'Cumsum', x, axis, isExclusive, isReverse);
  },
  /** How many may be what only a run knows. */
  TOPK_V2(operation) {
    const { builder } = operation;
    const [x, count] = [input(operation, 0), input(operation, 1)];
    requireFormat(elementCount(count.shape) === 1, 'readTflite', 'k of TOPK_V2 must be one number', `[${count.shape}]`);
    const k = sizesOf(count)?.[0] ?? builder.sizeIn(reshape(builder, count, []));
    return topK(builder, x, k, axisOf(-1, x.shape.length), true);
  },
};
