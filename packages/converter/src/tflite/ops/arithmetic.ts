import { converted, truncatedQuotient } from '../../lowering/division.js';
import { binary, cast, elementwise, promoted, select, unary } from '../../lowering/elementwise.js';
import { filled } from '../../lowering/creation.js';
import { reshape } from '../../lowering/layout.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import { plainOrder, type Value } from '../../lowering/value.js';
import { activated } from '../fused-activation.js';
import { elementTypeOf } from '../tensor-values.js';
import { input, type TfliteOp, type TfliteOperation } from '../tflite-operation.js';
import { mapped } from './mapped.js';

const fields = { activation: 0 }; // of AddOptions, SubOptions, MulOptions and DivOptions

export const arithmeticOps: Readonly<Record<string, TfliteOp>> = {
  ...mapped(
    { ABS: 'Abs', COS: 'Cos', EXP: 'Exp', LOG: 'Log', NEG: 'Neg', RSQRT: 'Rsqrt', SIGN: 'Sign', SIN: 'Sin', SQRT: 'Sqrt', SQUARE: 'Square' },
    (operation, op) => unary(operation.builder, op, input(operation, 0)),
  ), // prettier-ignore
  ...mapped({ CEIL: 'Ceil', FLOOR: 'Floor', ROUND: 'Round' }, (operation, op) => {
    const x = input(operation, 0);
    return x.dtype === 'float32' ? unary(operation.builder, op, x) : x;
  }),
  ...mapped({ ADD: 'AddV2', SUB: 'Sub', MUL: 'Mul' }, (operation, op) => {
    const [a, b] = sides(operation);
    return activated(operation, binary(operation.builder, op, a, b), fields.activation);
  }),
  ...mapped(
    {
      MAXIMUM: 'Maximum',
      MINIMUM: 'Minimum',
      SQUARED_DIFFERENCE: 'SquaredDifference',
      FLOOR_MOD: 'FloorMod',
      ATAN2: 'Atan2',
    },
    (operation, op) => {
      const [a, b] = sides(operation);
      return binary(operation.builder, op, a, b);
    },
  ),
  ...mapped(
    { EQUAL: 'Equal', NOT_EQUAL: 'NotEqual', LESS: 'Less', LESS_EQUAL: 'LessEqual', GREATER: 'Greater', GREATER_EQUAL: 'GreaterEqual' },
    (operation, op) => {
      const [a, b] = sides(operation);
      return binary(operation.builder, op, a, b, 'bool');
    },
  ), // prettier-ignore
  ...mapped({ LOGICAL_AND: 'LogicalAnd', LOGICAL_OR: 'LogicalOr' }, (operation, op) =>
    elementwise(operation.builder, op, [input(operation, 0), input(operation, 1)], 'bool'),
  ),
  LOGICAL_NOT: (operation) => unary(operation.builder, 'LogicalNot', input(operation, 0)),
  ADD_N({ builder, inputs, ...rest }) {
    const all = inputs.map((_, i) => input({ builder, inputs, ...rest }, i));
    return all.reduce((sum, value) => binary(builder, 'AddV2', sum, value));
  },
  DIV(operation) {
    const { builder } = operation;
    const [a, b] = sides(operation);
    const quotient = a.dtype === 'float32' ? elementwise(builder, 'RealDiv', [a, b]) : truncatedQuotient(builder, a, b);
    return activated(operation, quotient, fields.activation);
  },
  /** tfjs' FloorDiv gives int32. */
  FLOOR_DIV(operation) {
    const { builder } = operation;
    const [a, b] = sides(operation);
    if (a.dtype !== 'float32') return binary(builder, 'FloorDiv', a, b);
    return unary(builder, 'Floor', elementwise(builder, 'RealDiv', [a, b]));
  },
  POW(operation) {
    const { builder } = operation;
    const { dtype } = input(operation, 0);
    const power = elementwise(builder, 'Pow', [0, 1].map((i) => cast(builder, input(operation, i), 'float32'))); // prettier-ignore
    return dtype === 'float32' ? power : cast(builder, unary(builder, 'Round', power), dtype);
  },
  CAST: (operation) => converted(operation.builder, input(operation, 0), elementTypeOf(operation.outputs[0])),
  SELECT_V2: (operation) => select(operation.builder, input(operation, 0), input(operation, 1), input(operation, 2)),
  /** A vector of conditions chooses whole rows. */
  SELECT(operation) {
    const { builder } = operation;
    const [condition, a, b] = [0, 1, 2].map((i) => input(operation, i));
    const behind = condition.shape.length === 1 ? plainOrder(Math.max(a.shape.length - 1, 0)).map(() => 1) : [];
    return select(builder, reshape(builder, condition, [...condition.shape, ...behind]), a, b);
  },
  ZEROS_LIKE(operation) {
    const { shape, dtype } = input(operation, 0);
    return filled(operation.builder, shape, operation.builder.scalar(0, dtype));
  },
};

function sides(operation: TfliteOperation): Value[] {
  const builder: TensorBuilder = operation.builder;
  return promoted(builder, [input(operation, 0), input(operation, 1)]);
}
