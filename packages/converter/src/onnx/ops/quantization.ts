import { requireFormat } from '../../format-error.js';
import { cast, elementwise, unary } from '../../lowering/elementwise.js';
import { reshape } from '../../lowering/layout.js';
import { axisOf } from '../../lowering/slicing.js';
import { clamp } from '../../lowering/activations.js';
import { plainOrder, type Value } from '../../lowering/value.js';
import { input, type OnnxOp, type OnnxOperation } from '../onnx-operation.js';

const ranges: Readonly<Record<string, readonly [least: number, most: number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65535],
  int16: [-32768, 32767],
};
const outputTypes: Readonly<Record<number, string>> = { 2: 'uint8', 3: 'int8', 4: 'uint16', 5: 'int16' };

export const quantizationOps: Readonly<Record<string, OnnxOp>> = {
  DequantizeLinear(operation) {
    const { builder } = operation;
    const x = cast(builder, input(operation, 0), 'float32');
    const zero = operation.inputs[2];
    const centred = zero ? elementwise(builder, 'Sub', [x, alongAxis(operation, zero)]) : x;
    return elementwise(builder, 'Mul', [centred, alongAxis(operation, input(operation, 1))]);
  },
  /** The numbers of the quantised tensor, which stay 8 bits wide in their range only. */
  QuantizeLinear(operation) {
    const { builder, attributes } = operation;
    const zero = operation.inputs[2];
    const scaled = elementwise(builder, 'RealDiv', [input(operation, 0), alongAxis(operation, input(operation, 1))]);
    const rounded = unary(builder, 'Round', scaled);
    const moved = zero ? elementwise(builder, 'AddV2', [rounded, alongAxis(operation, zero)]) : rounded;
    const type = operation.types[2] ?? outputTypes[attributes.integer('output_dtype', 0)] ?? 'uint8';
    const range = Object.hasOwn(ranges, type) ? ranges[type] : null;
    requireFormat(
      range !== null,
      'convert',
      `QuantizeLinear must be to one of ${Object.keys(ranges).join(', ')}`,
      type,
    );
    return cast(builder, clamp(builder, moved, ...range), 'int32');
  },
};

/** One factor for all, or one for each place of an axis. */
function alongAxis(operation: OnnxOperation, factor: Value): Value {
  const { builder, attributes } = operation;
  const { shape } = input(operation, 0);
  requireFormat(
    attributes.integer('block_size', 0) === 0,
    'convert',
    'quantised tensors must have no blocks',
    'block_size',
  );
  const real = cast(builder, factor, 'float32');
  if (factor.shape.length === 0 || shape.length === 0) return real;
  const axis = axisOf(attributes.integer('axis', 1), shape.length);
  return reshape(builder, real, [factor.shape[0], ...plainOrder(shape.length - axis - 1).map(() => 1)]);
}
