import type { Value } from '../../lowering/value.js';
import type { AtenOp, AtenOperation } from '../aten-operation.js';

/** Ops that differ only in the op of tfjs that they become. */
export function mapped<T extends string>(
  ops: Readonly<Record<string, T>>,
  make: (operation: AtenOperation, op: T) => Value,
): Record<string, AtenOp> {
  return Object.fromEntries(Object.entries(ops).map(([name, op]) => [name, (operation: AtenOperation) => make(operation, op)])); // prettier-ignore
}
