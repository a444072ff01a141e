import { requireFormat } from '../../format-error.js';
import { averagePooling, maxPooling } from '../../lowering/pooling.js';
import { norm, reduce } from '../../lowering/reductions.js';
import { plainOrder } from '../../lowering/value.js';
import { input, type OnnxOp, type OnnxOperation } from '../onnx-operation.js';
import { windowsOf } from './convolutions.js';

export const poolingOps: Readonly<Record<string, OnnxOp>> = {
  MaxPool(operation) {
    requireFormat(operation.outputs === 1, 'convert', 'MaxPool must not be asked for indices', operation.outputs);
    return maxPooling(operation.builder, input(operation, 0), optionsOf(operation));
  },
  AveragePool(operation) {
    const countsPads = operation.attributes.integer('count_include_pad', 0) !== 0;
    return averagePooling(operation.builder, input(operation, 0), { ...optionsOf(operation), countsPads });
  },
  GlobalAveragePool: (operation) => overPlaces(operation, 'Mean'),
  GlobalMaxPool: (operation) => overPlaces(operation, 'Max'),
  GlobalLpPool(operation) {
    const x = input(operation, 0);
    const places = plainOrder(x.shape.length).slice(2);
    return norm(operation.builder, x, operation.attributes.integer('p', 2), places, true);
  },
};

function optionsOf(operation: OnnxOperation) {
  const { attributes } = operation;
  const kernel = attributes.integers('kernel_shape');
  requireFormat(kernel !== undefined, 'convert', 'a pooling must have kernel_shape', 'none');
  const isCeiling = attributes.integer('ceil_mode', 0) !== 0;
  return { kernel, isCeiling, ...windowsOf(operation, input(operation, 0), kernel) };
}

function overPlaces(operation: OnnxOperation, op: 'Mean' | 'Max') {
  const x = input(operation, 0);
  return reduce(operation.builder, op, x, plainOrder(x.shape.length).slice(2), true);
}
