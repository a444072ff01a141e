import { truncate } from '../../lowering/activations.js';
import { converted, truncatedQuotient } from '../../lowering/division.js';
import { binary, cast, elementwise, select, unary, withNumber } from '../../lowering/elementwise.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import type { ElementType, Value } from '../../lowering/value.js';
import type { AtenOp, AtenOperation } from '../aten-operation.js';
import { mapped } from './mapped.js';

/** Ops of ATen and of tfjs that compute the same of each element. */
const sameUnary: Readonly<Record<string, string>> = {
  abs: 'Abs',
  acos: 'Acos',
  acosh: 'Acosh',
  asin: 'Asin',
  asinh: 'Asinh',
  atan: 'Atan',
  atanh: 'Atanh',
  ceil: 'Ceil',
  cos: 'Cos',
  cosh: 'Cosh',
  erf: 'Erf',
  exp: 'Exp',
  expm1: 'Expm1',
  floor: 'Floor',
  log: 'Log',
  log1p: 'Log1p',
  neg: 'Neg',
  reciprocal: 'Reciprocal',
  round: 'Round',
  rsqrt: 'Rsqrt',
  sgn: 'Sign',
  sign: 'Sign',
  sin: 'Sin',
  sinh: 'Sinh',
  sqrt: 'Sqrt',
  square: 'Square',
  tan: 'Tan',
};
const ofWholeNumbers = new Set(['Ceil', 'Floor', 'Round']);

export const arithmeticOps: Readonly<Record<string, AtenOp>> = {
  ...mapped(sameUnary, (operation, op) => {
    const x = self(operation);
    return x.dtype === 'int32' && ofWholeNumbers.has(op) ? x : unary(operation.builder, op, x);
  }),
  ...mapped({ maximum: 'Maximum', minimum: 'Minimum', fmax: 'Maximum', fmin: 'Minimum', mul: 'Mul' }, both),
  ...mapped({ atan2: 'Atan2', remainder: 'FloorMod', floor_divide: 'FloorDiv' }, both),
  'max.other': (operation) => both(operation, 'Maximum'),
  'min.other': (operation) => both(operation, 'Minimum'),
  exp2: (operation) => unary(operation.builder, 'Exp', withNumber(operation.builder, 'Mul', self(operation), Math.LN2)),
  log2: (operation) => logarithm(operation, Math.LOG2E),
  log10: (operation) => logarithm(operation, Math.LOG10E),
  trunc: (operation) => truncate(operation.builder, self(operation)),
  frac: (operation) => remainder(operation.builder, operation.tensor('self')),
  erfc(operation) {
    const { builder } = operation;
    return elementwise(builder, 'Sub', [builder.scalar(1), unary(builder, 'Erf', self(operation))]);
  },
  add: (operation) => sum(operation, 'AddV2', 'self', 'other'),
  sub: (operation) => sum(operation, 'Sub', 'self', 'other'),
  rsub: (operation) => sum(operation, 'Sub', 'other', 'self'),
  div: quotient,
  true_divide: quotient,
  fmod(operation) {
    const { builder } = operation;
    const [a, b] = operands(operation);
    const whole = a.dtype === 'float32' ? truncate(builder, elementwise(builder, 'RealDiv', [a, b])) : truncatedQuotient(builder, a, b); // prettier-ignore
    return elementwise(builder, 'Sub', [a, elementwise(builder, 'Mul', [whole, b])]);
  },
  pow(operation) {
    const { builder, dtype } = operation;
    const [base, exponent] = [operation.operand('self'), operation.operand('exponent')].map((value) => cast(builder, value, 'float32')); // prettier-ignore
    const [number] = exponent.constant?.length === 1 ? exponent.constant : [NaN];
    const simple = ({ 2: 'Square', 0.5: 'Sqrt', '-0.5': 'Rsqrt', '-1': 'Reciprocal' } as Record<number, string>)[
      number
    ];
    const power = simple ? unary(builder, simple, base) : elementwise(builder, 'Pow', [base, exponent]);
    return dtype === 'float32' ? power : cast(builder, unary(builder, 'Round', power), dtype);
  },
  addcmul: (operation) => addition(operation, 'Mul'),
  addcdiv: (operation) => addition(operation, 'RealDiv'),
  lerp(operation) {
    const { builder } = operation;
    const [from, to] = [operation.tensor('self'), operation.tensor('end')];
    const way = elementwise(builder, 'Mul', [elementwise(builder, 'Sub', [to, from]), cast(builder, operation.operand('weight'), 'float32')]); // prettier-ignore
    return elementwise(builder, 'AddV2', [from, way]);
  },
  hypot(operation) {
    const squares = operands(operation).map((value) => unary(operation.builder, 'Square', value));
    return unary(operation.builder, 'Sqrt', elementwise(operation.builder, 'AddV2', squares));
  },
  logaddexp(operation) {
    const { builder } = operation;
    const [a, b] = operands(operation);
    const less = unary(builder, 'Neg', unary(builder, 'Abs', elementwise(builder, 'Sub', [a, b])));
    const more = unary(builder, 'Log1p', unary(builder, 'Exp', less));
    return elementwise(builder, 'AddV2', [elementwise(builder, 'Maximum', [a, b]), more]);
  },
  where(operation) {
    const [a, b] = [operation.operand('self'), operation.operand('other')];
    return select(operation.builder, operation.tensor('condition'), a, b);
  },
  masked_fill(operation) {
    const value = operation.operand('value');
    return select(operation.builder, operation.tensor('mask'), value, operation.tensor('self'));
  },
  _to_copy: toDeclared,
  to: toDeclared,
  type_as: toDeclared,
};

/** The tensor in the type of the result. */
function self(operation: AtenOperation): Value {
  return cast(operation.builder, operation.tensor('self'), numeric(operation.dtype));
}

/** Both sides in the type of the result. */
function operands(operation: AtenOperation, names: readonly string[] = ['self', 'other']): Value[] {
  return names.map((name) => converted(operation.builder, operation.operand(name), numeric(operation.dtype)));
}

function numeric(dtype: ElementType): ElementType {
  return dtype === 'bool' ? 'int32' : dtype;
}

function both(operation: AtenOperation, op: string): Value {
  const [a, b] = operands(operation);
  return binary(operation.builder, op, a, b);
}

function logarithm(operation: AtenOperation, factor: number): Value {
  return withNumber(operation.builder, 'Mul', unary(operation.builder, 'Log', self(operation)), factor);
}

function remainder(builder: TensorBuilder, x: Value): Value {
  return elementwise(builder, 'Sub', [x, truncate(builder, x)]);
}

/** Of which `alpha` times the side `other` is a term. */
function sum(operation: AtenOperation, op: string, left: string, right: string): Value {
  const { builder } = operation;
  const alpha = operation.number('alpha', 1);
  const [a, b] = operands(operation, [left, right]);
  const scaled = (value: Value, name: string) => (alpha === 1 || name !== scaledSide(operation) ? value : withNumber(builder, 'Mul', value, alpha)); // prettier-ignore
  return binary(builder, op, scaled(a, left), scaled(b, right));
}

/** `rsub` is `other - alpha self`. */
function scaledSide({ op }: AtenOperation): string {
  return op.startsWith('rsub') ? 'self' : 'other';
}

function quotient(operation: AtenOperation): Value {
  const { builder } = operation;
  const [a, b] = operands(operation);
  const mode = operation.text('rounding_mode', 'none');
  if (a.dtype !== 'float32') return mode === 'floor' ? binary(builder, 'FloorDiv', a, b) : truncatedQuotient(builder, a, b); // prettier-ignore
  const exact = elementwise(builder, 'RealDiv', [a, b]);
  if (mode === 'none') return exact;
  return mode === 'floor' ? unary(builder, 'Floor', exact) : truncate(builder, exact);
}

function addition(operation: AtenOperation, op: string): Value {
  const { builder } = operation;
  const term = elementwise(builder, op, [operation.tensor('tensor1'), operation.tensor('tensor2')]);
  const value = operation.number('value', 1);
  return elementwise(builder, 'AddV2', [operation.tensor('self'), value === 1 ? term : withNumber(builder, 'Mul', term, value)]); // prettier-ignore
}

function toDeclared(operation: AtenOperation): Value {
  return converted(operation.builder, operation.tensor('self'), operation.dtype);
}
