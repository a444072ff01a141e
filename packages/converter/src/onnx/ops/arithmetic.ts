import { violation } from '@tfjs-sparse/core';
import { truncate } from '../../lowering/activations.js';
import { converted, truncatedQuotient } from '../../lowering/division.js';
import { binary, cast, elementwise, promoted, select, unary, withNumber } from '../../lowering/elementwise.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import { reshape } from '../../lowering/layout.js';
import { axisOf } from '../../lowering/slicing.js';
import { plainOrder, type Value } from '../../lowering/value.js';
import { FormatError } from '../../format-error.js';
import { input, type OnnxOp, type OnnxOperation } from '../onnx-operation.js';

/** Operators of ONNX and of tfjs that compute the same of each element. */
const sameUnary: Readonly<Record<string, string>> = {
  Acos: 'Acos',
  Acosh: 'Acosh',
  Asin: 'Asin',
  Asinh: 'Asinh',
  Atan: 'Atan',
  Atanh: 'Atanh',
  Ceil: 'Ceil',
  Cos: 'Cos',
  Cosh: 'Cosh',
  Erf: 'Erf',
  Exp: 'Exp',
  Floor: 'Floor',
  Log: 'Log',
  Neg: 'Neg',
  Reciprocal: 'Reciprocal',
  Round: 'Round',
  Sign: 'Sign',
  Sin: 'Sin',
  Sinh: 'Sinh',
  Sqrt: 'Sqrt',
  Tan: 'Tan',
};
const comparisons: Readonly<Record<string, string>> = {
  Equal: 'Equal',
  Greater: 'Greater',
  GreaterOrEqual: 'GreaterEqual',
  Less: 'Less',
  LessOrEqual: 'LessEqual',
};
const folds: Readonly<Record<string, string>> = { Sum: 'AddV2', Max: 'Maximum', Min: 'Minimum' };

export const arithmeticOps: Readonly<Record<string, OnnxOp>> = {
  ...mapped(sameUnary, (operation, op) => ofNumbers(operation, op)),
  ...mapped(comparisons, ({ builder, ...rest }, op) => {
    const [a, b] = promoted(builder, [input({ builder, ...rest }, 0), input({ builder, ...rest }, 1)]);
    return binary(builder, op, a, b, 'bool');
  }),
  ...mapped(folds, ({ builder, inputs }, op) => folded(builder, op, inputs as readonly Value[])),
  ...mapped({ Add: 'AddV2', Sub: 'Sub', Mul: 'Mul' }, (operation, op) => {
    const [a, b] = promoted(operation.builder, sides(operation));
    return binary(operation.builder, op, a, b);
  }),
  Abs: (operation) => unary(operation.builder, 'Abs', input(operation, 0)),
  Div(operation) {
    const [a, b] = promoted(operation.builder, sides(operation));
    return a.dtype === 'float32'
      ? binary(operation.builder, 'RealDiv', a, b)
      : truncatedQuotient(operation.builder, a, b);
  },
  Mean({ builder, inputs }) {
    return withNumber(builder, 'Mul', folded(builder, 'AddV2', inputs as readonly Value[]), 1 / inputs.length);
  },
  Pow(operation) {
    const { builder } = operation;
    const [base, exponent] = [input(operation, 0), input(operation, 1)];
    const floats = [base, exponent].map((value) => cast(builder, value, 'float32'));
    const [number] = exponent.constant?.length === 1 ? exponent.constant : [NaN];
    const power = number === 2 ? unary(builder, 'Square', floats[0]) : elementwise(builder, 'Pow', floats);
    return base.dtype === 'float32' ? power : cast(builder, unary(builder, 'Round', power), base.dtype);
  },
  Mod(operation) {
    const { builder, attributes } = operation;
    const [a, b] = promoted(builder, [input(operation, 0), input(operation, 1)]);
    if (attributes.integer('fmod', 0) === 0) return binary(builder, 'FloorMod', a, b);
    const whole = a.dtype === 'float32' ? truncate(builder, elementwise(builder, 'RealDiv', [a, b])) : truncatedQuotient(builder, a, b); // prettier-ignore
    return elementwise(builder, 'Sub', [a, elementwise(builder, 'Mul', [whole, b])]);
  },
  And: (operation) => logical(operation, 'LogicalAnd'),
  Or: (operation) => logical(operation, 'LogicalOr'),
  Xor(operation) {
    const integers = [0, 1].map((i) => cast(operation.builder, input(operation, i), 'int32'));
    return elementwise(operation.builder, 'NotEqual', integers, 'bool');
  },
  Not: (operation) => unary(operation.builder, 'LogicalNot', input(operation, 0)),
  Where: (operation) => select(operation.builder, input(operation, 0), input(operation, 1), input(operation, 2)),
  IsNaN: (operation) => unary(operation.builder, 'IsNan', input(operation, 0), {}, 'bool'),
  IsInf(operation) {
    const { builder, attributes } = operation;
    const x = input(operation, 0);
    const isOf = (sign: string) => attributes.integer(`detect_${sign}`, 1) !== 0;
    const isEither = unary(builder, 'IsInf', x, {}, 'bool');
    const side = (op: string) => elementwise(builder, 'LogicalAnd', [isEither, elementwise(builder, op, [x, builder.scalar(0)], 'bool')]); // prettier-ignore
    if (isOf('positive') && isOf('negative')) return isEither;
    return side(isOf('positive') ? 'Greater' : 'Less');
  },
  Cast: (operation) => toType(operation.builder, input(operation, 0), operation.attributes.integer('to')),
  CastLike: (operation) => converted(operation.builder, input(operation, 0), input(operation, 1).dtype),
};

/** Until version 7 the second lies at an axis of the first where an attribute says so. */
function sides(operation: OnnxOperation): [a: Value, b: Value] {
  const { builder, attributes } = operation;
  const [a, b] = [input(operation, 0), input(operation, 1)];
  if (!attributes.has('axis')) return [a, b];
  const behind = a.shape.length - axisOf(attributes.integer('axis'), a.shape.length) - b.shape.length;
  return [a, reshape(builder, b, [...b.shape, ...plainOrder(behind).map(() => 1)])];
}

/** The codes of ONNX's types that a tensor of tfjs can have the values of. */
function toType(builder: TensorBuilder, x: Value, code: number): Value {
  const isFloat = [1, 10, 11, 16].includes(code);
  const isInteger = [2, 3, 4, 5, 6, 7, 12, 13].includes(code);
  if (!isFloat && !isInteger && code !== 9) throw new FormatError(violation('convert', 'casts must be to real numbers', `type ${code}`)); // prettier-ignore
  return converted(builder, x, isFloat ? 'float32' : isInteger ? 'int32' : 'bool');
}

function mapped(
  ops: Readonly<Record<string, string>>,
  make: (operation: OnnxOperation, op: string) => Value,
): Record<string, OnnxOp> {
  return Object.fromEntries(
    Object.entries(ops).map(([name, op]) => [name, (operation: OnnxOperation) => make(operation, op)]),
  );
}

function ofNumbers(operation: OnnxOperation, op: string): Value {
  const x = input(operation, 0);
  if (x.constant && (op === 'Floor' || op === 'Ceil')) {
    return operation.builder.constant(x.shape as number[], x.constant.map(op === 'Floor' ? Math.floor : Math.ceil));
  }
  return unary(operation.builder, op, x);
}

function logical(operation: OnnxOperation, op: string): Value {
  return elementwise(operation.builder, op, [input(operation, 0), input(operation, 1)], 'bool');
}

function folded(builder: TensorBuilder, op: string, inputs: readonly Value[]): Value {
  return promoted(builder, inputs).reduce((all, value) => binary(builder, op, all, value));
}
