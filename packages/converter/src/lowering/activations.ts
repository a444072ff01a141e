import { elementwise, select, unary, withNumber } from './elementwise.js';
import type { TensorBuilder } from './tensor-builder.js';
import type { Value } from './value.js';

/** Between two numbers; each may be infinite. */
export function clamp(builder: TensorBuilder, x: Value, low: number, high: number): Value {
  if (x.dtype === 'float32' && low === 0 && high === Infinity) return unary(builder, 'Relu', x);
  if (x.dtype === 'float32' && low === 0 && high === 6) return unary(builder, 'Relu6', x);
  const above = low === -Infinity ? x : withNumber(builder, 'Maximum', x, low);
  return high === Infinity ? above : withNumber(builder, 'Minimum', above, high);
}

export function leakyRelu(builder: TensorBuilder, x: Value, alpha: number): Value {
  return unary(builder, 'LeakyRelu', x, { alpha: { f: alpha } });
}

/** Times a slope below 0. @param slope what broadcasts with the value */
export function prelu(builder: TensorBuilder, x: Value, slope: Value): Value {
  const below = elementwise(builder, 'Mul', [withNumber(builder, 'Minimum', x, 0), slope]);
  return elementwise(builder, 'AddV2', [unary(builder, 'Relu', x), below]);
}

/** `alpha (e^(x / scale) - 1)` below 0. */
export function elu(builder: TensorBuilder, x: Value, alpha: number, scale = 1): Value {
  if (alpha === 1 && scale === 1) return unary(builder, 'Elu', x);
  const inner = unary(builder, 'Expm1', withNumber(builder, 'Mul', withNumber(builder, 'Minimum', x, 0), 1 / scale));
  return elementwise(builder, 'AddV2', [unary(builder, 'Relu', x), withNumber(builder, 'Mul', inner, alpha)]);
}

/** `x Φ(x)`, exactly or by the tanh of Hendrycks and Gimpel. */
export function gelu(builder: TensorBuilder, x: Value, isTanh: boolean): Value {
  const half = withNumber(builder, 'Mul', x, 0.5);
  if (!isTanh) {
    const error = unary(builder, 'Erf', withNumber(builder, 'Mul', x, Math.SQRT1_2));
    return elementwise(builder, 'Mul', [half, withNumber(builder, 'AddV2', error, 1)]);
  }
  const cube = elementwise(builder, 'Mul', [unary(builder, 'Square', x), withNumber(builder, 'Mul', x, 0.044715)]);
  const inner = withNumber(builder, 'Mul', elementwise(builder, 'AddV2', [x, cube]), Math.sqrt(2 / Math.PI));
  return elementwise(builder, 'Mul', [half, withNumber(builder, 'AddV2', unary(builder, 'Tanh', inner), 1)]);
}

/** `x sigmoid(beta x)`. */
export function swish(builder: TensorBuilder, x: Value, beta = 1): Value {
  const inner = beta === 1 ? x : withNumber(builder, 'Mul', x, beta);
  return elementwise(builder, 'Mul', [x, unary(builder, 'Sigmoid', inner)]);
}

export function mish(builder: TensorBuilder, x: Value): Value {
  return elementwise(builder, 'Mul', [x, unary(builder, 'Tanh', unary(builder, 'Softplus', x))]);
}

/** `slope x + offset` between 0 and 1. */
export function hardSigmoid(builder: TensorBuilder, x: Value, slope: number, offset: number): Value {
  return clamp(builder, withNumber(builder, 'AddV2', withNumber(builder, 'Mul', x, slope), offset), 0, 1);
}

export function hardSwish(builder: TensorBuilder, x: Value): Value {
  const gate = withNumber(builder, 'Mul', clamp(builder, withNumber(builder, 'AddV2', x, 3), 0, 6), 1 / 6);
  return elementwise(builder, 'Mul', [x, gate]);
}

export function softsign(builder: TensorBuilder, x: Value): Value {
  return elementwise(builder, 'RealDiv', [x, withNumber(builder, 'AddV2', unary(builder, 'Abs', x), 1)]);
}

/** The element where it is above the threshold, else `fill`. */
export function threshold(builder: TensorBuilder, x: Value, limit: number, fill: number): Value {
  return select(builder, withNumberIs(builder, 'Greater', x, limit), x, builder.scalar(fill, x.dtype));
}

/** A comparison with a number. */
export function withNumberIs(builder: TensorBuilder, op: string, x: Value, number: number): Value {
  return elementwise(builder, op, [x, builder.scalar(number, x.dtype)], 'bool');
}

/** Toward zero. */
export function truncate(builder: TensorBuilder, x: Value): Value {
  if (x.dtype !== 'float32') return x;
  const size = unary(builder, 'Floor', unary(builder, 'Abs', x));
  return elementwise(builder, 'Mul', [unary(builder, 'Sign', x), size]);
}
