import { clamp, withNumberIs } from '../../lowering/activations.js';
import { cast, elementwise, promoted, select, unary } from '../../lowering/elementwise.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import type { Value } from '../../lowering/value.js';
import type { AtenOp, AtenOperation } from '../aten-operation.js';

const largest = 3.4028234663852886e38; // of float32

/** Ops that keep numbers in a range. */
export const limitOps: Readonly<Record<string, AtenOp>> = {
  clamp: (operation) => clamped(operation, 'min', 'max'),
  clip: (operation) => clamped(operation, 'min', 'max'),
  clamp_min: (operation) => clamped(operation, 'min', 'none'),
  clamp_max: (operation) => clamped(operation, 'none', 'max'),
  logit(operation) {
    const { builder } = operation;
    const edge = operation.has('eps') ? operation.number('eps') : null;
    const x = edge === null ? operation.tensor('self') : clamp(builder, operation.tensor('self'), edge, 1 - edge);
    const odds = elementwise(builder, 'RealDiv', [x, elementwise(builder, 'Sub', [builder.scalar(1), x])]);
    return unary(builder, 'Log', odds);
  },
  nan_to_num(operation) {
    const { builder } = operation;
    const x = operation.tensor('self');
    const number = (name: string, none: number) => (operation.has(name) ? operation.number(name) : none);
    const isNone = unary(builder, 'IsNan', x, {}, 'bool');
    const known = select(builder, isNone, builder.scalar(number('nan', 0)), x);
    const below = select(builder, withNumberIs(builder, 'Greater', known, largest), builder.scalar(number('posinf', largest)), known); // prettier-ignore
    return select(builder, withNumberIs(builder, 'Less', below, -largest), builder.scalar(number('neginf', -largest)), below); // prettier-ignore
  },
};

function clamped(operation: AtenOperation, min: string, max: string): Value {
  const { builder } = operation;
  const limit = (name: string, none: number): Value | number => {
    if (!operation.has(name)) return none;
    const value = operation.operand(name);
    return value.constant && value.shape.length === 0 ? value.constant[0] : value;
  };
  const [low, high] = [limit(min, -Infinity), limit(max, Infinity)];
  const x = cast(builder, operation.tensor('self'), operation.dtype);
  if (typeof low === 'number' && typeof high === 'number') return clamp(builder, x, low, high);
  const above = typeof low === 'number' ? clamp(builder, x, low, Infinity) : pair(builder, 'Maximum', x, low);
  return typeof high === 'number' ? clamp(builder, above, -Infinity, high) : pair(builder, 'Minimum', above, high);
}

function pair(builder: TensorBuilder, op: string, a: Value, b: Value): Value {
  return elementwise(builder, op, promoted(builder, [a, b]));
}
