import type { GoldenCase, Tolerance } from './golden-file.js';
import { operandTypeOf } from './golden-tensors.js';
import type { Execution, HostOutput } from './host-output.js';
import { matchRows, rowKey } from './match-rows.js';
import { compareIntegers, compareValues, mismatch, type Comparison } from './compare-values.js';

/** Everything that the golden knows, held against what a run left. */
export function compareExecution(golden: GoldenCase, { outputs, gradients }: Execution): Comparison[] {
  const comparisons = [...outputs].flatMap(([name, output]) => compareOutput(golden, name, output));
  for (const [leaf, gradient] of gradients) {
    const name = `grad_${leaf}`;
    const expected = golden.tensors.get(name);
    if (expected)
      comparisons.push(compareValues(name, gradient, numbersOf(expected.values), golden.tolerance.gradient));
  }
  const compared = new Set(comparisons.map(({ what }) => what));
  for (const name of golden.tensors.keys()) {
    if (isResult(name) && !compared.has(name)) comparisons.push(mismatch(name, `${name}: nothing was computed`));
  }
  return comparisons;
}

/** Whether a tensor of a golden is something that a run must give. */
function isResult(name: string): boolean {
  return /^(out_(?!coords$)|grad_|running_.*_after|row_index$|slice_features$)/.test(name);
}

function compareOutput(golden: GoldenCase, name: string, output: HostOutput): Comparison[] {
  const stored = golden.tensors.get(name);
  if (!stored) return [];
  const { tolerance } = golden;
  const fail = (problem: string) => [mismatch(name, `${name}: ${problem}`, tolerance.output)];
  if (output.dtype !== operandTypeOf(stored)) return fail(`must be ${operandTypeOf(stored)}, got ${output.dtype}`);
  if (output.shape.join() !== stored.shape.join()) {
    return fail(`must have shape [${stored.shape}], got [${output.shape}]`);
  }
  const expected = numbersOf(stored.values);
  if (!output.rows) {
    return [compareTyped(output.dtype, name, output.values, expected, tolerance, placeIn(output.shape))];
  }
  const { actual, expected: goldenRows, inverse } = output.rows;
  const width = goldenRows.shape[1];
  const coordinates = Int32Array.from(numbersOf(goldenRows.values));
  const { actualOf, missing, extra, repeated } = matchRows(actual, coordinates, width);
  for (const [kind, keys] of Object.entries({ missing, extra, repeated })) {
    if (keys.length > 0) return fail(`${keys.length} ${kind} sites, first [${keys[0]}]`);
  }
  const channels = stored.shape[1];
  const ordered = Array.from(
    expected,
    (_, i) => output.values[actualOf[Math.floor(i / channels)] * channels + (i % channels)],
  );
  const where = (i: number) => `site [${rowKey(coordinates, Math.floor(i / channels), width)}] channel ${i % channels}`;
  const comparisons = [compareTyped(output.dtype, name, ordered, expected, tolerance, where)];
  if (inverse) comparisons.push(...compareInverse(golden, output, inverse, actualOf));
  return comparisons;
}

/** The row of each point, and what the points get back from their rows. */
function compareInverse(
  { tensors, tolerance }: GoldenCase,
  { values, shape }: HostOutput,
  inverse: Int32Array,
  actualOf: Int32Array,
): Comparison[] {
  const comparisons: Comparison[] = [];
  const rowIndex = tensors.get('row_index');
  if (rowIndex) {
    const rows = numbersOf(rowIndex.values).map((row) => actualOf[row]);
    comparisons.push(compareIntegers('row_index', inverse, rows, (point) => `point ${point}`));
  }
  const sliced = tensors.get('slice_features');
  if (sliced) {
    const channels = shape[1];
    const taken = [...inverse].flatMap((row) => [...values.subarray(row * channels, (row + 1) * channels)]);
    comparisons.push(compareValues('slice_features', taken, numbersOf(sliced.values), tolerance.output));
  }
  return comparisons;
}

function compareTyped(
  dtype: HostOutput['dtype'],
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { output }: Tolerance,
  where: (index: number) => string,
): Comparison {
  return dtype === 'float32'
    ? compareValues(what, actual, expected, output, where)
    : compareIntegers(what, actual, expected, where);
}

/** `[row, column]` of a flat index. */
function placeIn(shape: readonly number[]): (index: number) => string {
  return (index) => {
    let rest = index;
    const place = [...shape].reverse().map((size) => {
      const along = rest % size;
      rest = Math.floor(rest / size);
      return along;
    });
    return `[${place.reverse().join(', ')}]`;
  };
}

function numbersOf(values: ArrayLike<number> | ArrayLike<bigint>): number[] {
  return Array.from({ length: values.length }, (_, index) => Number(values[index]));
}
