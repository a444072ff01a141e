import { truncate } from './activations.js';
import { binary, cast, elementwise, unary } from './elementwise.js';
import type { TensorBuilder } from './tensor-builder.js';
import type { ElementType, Value } from './value.js';

/** A cast that rounds toward zero. */
export function converted(builder: TensorBuilder, x: Value, dtype: ElementType): Value {
  const isTruncated = x.dtype === 'float32' && dtype === 'int32' && !x.constant;
  return cast(builder, isTruncated ? truncate(builder, x) : x, dtype);
}

/** Integer quotients toward zero; those of tfjs go down. */
export function truncatedQuotient(builder: TensorBuilder, a: Value, b: Value): Value {
  const isKnown = (value: Value) => (value.constant?.every((element) => element >= 0) ?? value.sizes) !== undefined;
  if (isKnown(a) && isKnown(b)) return binary(builder, 'FloorDiv', a, b);
  const [left, right] = [a, b].map((value) => unary(builder, 'Abs', value));
  const size = elementwise(builder, 'FloorDiv', [left, right]);
  const sign = elementwise(builder, 'Mul', [unary(builder, 'Sign', a), unary(builder, 'Sign', b)]);
  return elementwise(builder, 'Mul', [size, sign]);
}
