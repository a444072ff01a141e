/** One tensor held against its golden. */
export interface Comparison {
  readonly what: string;
  /** Largest difference over max(1, max|golden|); Infinity where shape, sites, integers or NaN disagree. */
  readonly error: number;
  readonly tolerance: number;
  readonly problem: string | null;
}

/** @param where names the element at an index, for the message */
export function compareValues(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  where: (index: number) => string = (index) => `element ${index}`,
): Comparison {
  if (actual.length !== expected.length) return otherLength(what, actual, expected, tolerance);
  let scale = 1;
  for (let i = 0; i < expected.length; i++)
    if (Number.isFinite(expected[i])) scale = Math.max(scale, Math.abs(expected[i]));
  let error = 0;
  let worst = -1;
  for (let i = 0; i < expected.length; i++) {
    const difference = differenceOf(actual[i], expected[i]) / scale;
    if (difference > error) [error, worst] = [difference, i];
  }
  if (error <= tolerance) return { what, error, tolerance, problem: null };
  const size = Number.isFinite(error) ? `off by ${error.toExponential(2)} (tolerance ${tolerance})` : 'wrong';
  const problem = `${what}: ${size} at ${where(worst)}: must be ${expected[worst]}, got ${actual[worst]}`;
  return { what, error, tolerance, problem };
}

/** Integers and booleans, which are right or wrong. */
export function compareIntegers(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  where: (index: number) => string = (index) => `element ${index}`,
): Comparison {
  if (actual.length !== expected.length) return otherLength(what, actual, expected, 0);
  const wrong = Array.from(expected, (_, index) => index).filter((index) => actual[index] !== expected[index]);
  if (wrong.length === 0) return { what, error: 0, tolerance: 0, problem: null };
  const [first] = wrong;
  const count = `${wrong.length} of ${expected.length} wrong`;
  return mismatch(
    what,
    `${what}: ${count}, first at ${where(first)}: must be ${expected[first]}, got ${actual[first]}`,
  );
}

export function mismatch(what: string, problem: string, tolerance = 0): Comparison {
  return { what, error: Infinity, tolerance, problem };
}

function otherLength(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): Comparison {
  return mismatch(what, `${what}: must have ${expected.length} values, got ${actual.length}`, tolerance);
}

function differenceOf(actual: number, expected: number): number {
  if (Object.is(actual, expected) || actual === expected) return 0;
  const difference = Math.abs(actual - expected);
  return Number.isNaN(difference) ? Infinity : difference;
}
