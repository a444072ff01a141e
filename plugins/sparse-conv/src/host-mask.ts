import { requireNumbers, requireType } from '@tfjs-sparse/core';

/**
 * A mask as a user has it, booleans or numbers in an array or typed array: 1 where it is true or neither 0 nor NaN.
 *
 * @throws TypeError for a tensor, and for what else is no such array
 */
export function hostMask(op: string, name: string, values: ArrayLike<boolean | number>): Uint8Array {
  requireOnHost(op, name, values);
  const numbers = Array.isArray(values)
    ? values.map((value) => (typeof value === 'boolean' ? Number(value) : value))
    : values;
  requireNumbers(op, name, numbers as ArrayLike<number>);
  return Uint8Array.from(numbers as ArrayLike<number>, (value) => Number(Boolean(value)));
}

export function requireOnHost(op: string, name: string, values: ArrayLike<unknown> | undefined): void {
  const isOnHost = typeof values?.length === 'number';
  requireType(isOnHost, op, `${name} must be on the host (await tensor.data())`, typeof values);
}
