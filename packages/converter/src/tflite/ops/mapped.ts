import type { Value } from '../../lowering/value.js';
import type { TfliteOp, TfliteOperation } from '../tflite-operation.js';

/** Operators that one function makes of different ops of tfjs. */
export function mapped<Name extends string>(
  ops: Readonly<Record<string, Name>>,
  make: (operation: TfliteOperation, op: Name) => Value,
): Record<string, TfliteOp> {
  return Object.fromEntries(
    Object.entries(ops).map(([name, op]) => [name, (operation: TfliteOperation) => make(operation, op)]),
  );
}
