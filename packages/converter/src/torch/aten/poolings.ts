import { squeeze, unsqueeze } from '../../lowering/layout.js';
import { withNumber } from '../../lowering/elementwise.js';
import { averagePooling, maxPooling } from '../../lowering/pooling.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import type { Value } from '../../lowering/value.js';
import type { AtenOp, AtenOperation } from '../aten-operation.js';
import { adaptiveAverage, adaptiveMax } from './adaptive-pooling.js';

export const poolingOps: Readonly<Record<string, AtenOp>> = {
  max_pool1d: (operation) => largest(operation, 1),
  max_pool2d: (operation) => largest(operation, 2),
  max_pool3d: (operation) => largest(operation, 3),
  max_pool2d_with_indices: (operation) => [largest(operation, 2), null],
  max_pool3d_with_indices: (operation) => [largest(operation, 3), null],
  avg_pool1d: (operation) => average(operation, 1),
  avg_pool2d: (operation) => average(operation, 2),
  avg_pool3d: (operation) => average(operation, 3),
  adaptive_avg_pool1d: (operation) => adaptive(operation, 1, adaptiveAverage),
  adaptive_avg_pool2d: (operation) => adaptive(operation, 2, adaptiveAverage),
  adaptive_avg_pool3d: (operation) => adaptive(operation, 3, adaptiveAverage),
  _adaptive_avg_pool2d: (operation) => adaptive(operation, 2, adaptiveAverage),
  _adaptive_avg_pool3d: (operation) => adaptive(operation, 3, adaptiveAverage),
  adaptive_max_pool1d: (operation) => [adaptive(operation, 1, adaptiveMax), null],
  adaptive_max_pool2d: (operation) => [adaptive(operation, 2, adaptiveMax), null],
};

function largest(operation: AtenOperation, places: number): Value {
  const options = { ...windowsOf(operation, places), dilations: operation.perPlace('dilation', places, 1) };
  return ofBatch(operation, places, (x) => maxPooling(operation.builder, x, options));
}

function average(operation: AtenOperation, places: number): Value {
  const { builder } = operation;
  const windows = windowsOf(operation, places);
  const countsPads = operation.isTrue('count_include_pad', true);
  const dilations = Array<number>(places).fill(1);
  if (!operation.has('divisor_override')) {
    return ofBatch(operation, places, (x) => averagePooling(builder, x, { ...windows, dilations, countsPads }));
  }
  const count = windows.kernel.reduce((product, size) => product * size, 1) / operation.number('divisor_override');
  const options = { ...windows, dilations, countsPads: true };
  return ofBatch(operation, places, (x) => withNumber(builder, 'Mul', averagePooling(builder, x, options), count));
}

function windowsOf(operation: AtenOperation, places: number) {
  const kernel = operation.perPlace('kernel_size', places, 1);
  const given = operation.perPlace('stride', places, 0);
  return {
    kernel,
    strides: given.every((stride) => stride === 0) ? kernel : given,
    pads: operation.perPlace('padding', places, 0).map((pad): [number, number] => [pad, pad]),
    isCeiling: operation.isTrue('ceil_mode'),
  };
}

function adaptive(
  operation: AtenOperation,
  places: number,
  pooling: (builder: TensorBuilder, x: Value, sizes: readonly number[]) => Value,
): Value {
  const sizes = operation.perPlace('output_size', places, 1);
  return ofBatch(operation, places, (x) => pooling(operation.builder, x, sizes));
}

/** Images may come one at a time, without an axis of the batch. */
function ofBatch(operation: AtenOperation, places: number, of: (x: Value) => Value): Value {
  const { builder } = operation;
  const x = operation.tensor('self');
  if (x.shape.length === places + 2) return of(x);
  return squeeze(builder, of(unsqueeze(builder, x, [0])), [0]);
}
