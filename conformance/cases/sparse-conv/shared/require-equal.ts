import type { Tensor } from '@tensorflow/tfjs-core';
import type { SparseTensor } from '@tfjs-sparse/core';

/** Throws unless the sites are the expected ones, flat. */
export function requireSites({ map }: SparseTensor, expected: readonly number[]): void {
  const actual = String(map.coordinates);
  if (actual !== String(expected)) throw new RangeError(`sites must be [${expected}], got [${actual}]`);
}

/** Throws unless every value is within `tolerance` of the expected one. */
export async function requireEqual(
  what: string,
  actual: Tensor,
  expected: ArrayLike<number>,
  tolerance: number,
): Promise<void> {
  const values = await actual.data();
  const isEqual =
    values.length === expected.length && values.every((value, i) => Math.abs(value - expected[i]) <= tolerance);
  if (!isEqual) throw new RangeError(`${what} must be [${Array.from(expected)}], got [${values}]`);
}
