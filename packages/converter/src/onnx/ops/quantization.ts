import { requireFormat } from '../../format-error.js';
import { cast, elementwise, unary } from '../../lowering/elementwise.js';
import { reshape } from '../../lowering/layout.js';
import { axisOf } from '../../lowering/slicing.js';
import { clamp } from '../../lowering/activations.js';
import { plainOrder, type Value } from '../../lowering/value.js';
import { input, type OnnxOp, type OnnxOperation } from '../onnx-operation.js';

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
    const isSigned = attributes.integer('output_dtype', zero?.constant?.some((each) => each < 0) ? 3 : 2) === 3;
    return cast(builder, clamp(builder, moved, isSigned ? -128 : 0, isSigned ? 127 : 255), 'int32');
  },
};

/** One factor for all, or one for each place of an axis. */
function alongAxis(operation: OnnxOperation, factor: Value): Value {
  const { builder, attributes } = operation;
  const { shape } = input(operation, 0);
  requireFormat(attributes.integer('block_size', 0) === 0, 'convert', 'quantised tensors must have no blocks', 'block_size');
  const real = cast(builder, factor, 'float32');
  if (factor.shape.length === 0 || shape.length === 0) return real;
  const axis = axisOf(attributes.integer('axis', 1), shape.length);
  return reshape(builder, real, [factor.shape[0], ...plainOrder(shape.length - axis - 1).map(() => 1)]);
}
