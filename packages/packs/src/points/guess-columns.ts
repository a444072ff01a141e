/** Numbers a point. */
export const [fewestColumns, mostColumns] = [3, 16] as const;
/** Completes "points must have …" for messages. */
export const columnsRule = `${fewestColumns} to ${mostColumns} columns (they may be transposed: one row a point)`;
const mostValues = 80_000; // enough to tell, quick in large files
const fewestPoints = 16; // fewer may lie anywhere
const clearly = 4; // times as far apart
const alike = 0.9; // of the look of a multiple
const distinct = 0.7; // of the best look: more is close
const someLook = 0.05; // values without columns have less

/** What the columns of rows that lie flat look like. */
export interface ColumnGuess {
  /** Numbers per point; null where the columns do not tell. */
  readonly columns: number | null;
  /** Numbers that its columns fit about as well; none where they do not tell at all. */
  readonly others: readonly number[];
}

interface Candidate {
  readonly columns: number;
  /** Median distance between consecutive points, in their unit. */
  readonly step: number;
  /** How much the columns differ from each other, from 0 for not at all. */
  readonly look: number;
}

/** Numbers per point that divide so many numbers into whole points: 3 to 16. */
export function fittingColumns(count: number): number[] {
  const all = Array.from({ length: mostColumns - fewestColumns + 1 }, (_, i) => fewestColumns + i);
  return all.filter((columns) => count > 0 && count % columns === 0);
}

/**
 * How many numbers a point of a scan has. Scanners write points in the order in which they see them, so that one lies near
 * the next: read with a wrong number the steps are as long as the scan is wide (on recorded scans of 3, 4 and 5 numbers 0.1
 * to 0.5 m against 22 to 30 m, medians). Where points come in no order, the right number is the one whose columns differ
 * most from each other: x spreads wider than z, an intensity is never negative, a ring is whole.
 *
 * @param numbers `[points, columns]`, flat
 */
export function guessColumns(numbers: ArrayLike<number>): ColumnGuess {
  const values = Float32Array.from({ length: Math.min(numbers.length, mostValues) }, (_, i) => numbers[i]);
  const candidates = fittingColumns(numbers.length)
    .filter((columns) => numbers.length >= fewestPoints * columns)
    .map((columns) => candidate(values.subarray(0, columns * Math.floor(mostValues / columns)), columns));
  if (candidates.length === 0) return { columns: null, others: [] };
  return byStep(candidates) ?? byLook(candidates);
}

/** The number whose points lie nearest to each other, unless another comes close. */
function byStep(candidates: readonly Candidate[]): ColumnGuess | null {
  const [nearest] = [...candidates].sort((a, b) => a.step - b.step);
  const found = withoutRepeats(nearest, candidates);
  const others = candidates.filter(({ columns }) => columns % found.columns !== 0);
  const isClear = others.every(({ step }) => nearest.step * clearly < step);
  return isClear && nearest.step > 0 && Number.isFinite(nearest.step) && found.look > someLook
    ? { columns: found.columns, others: [] }
    : null;
}

/** The number whose columns differ most. */
function byLook(candidates: readonly Candidate[]): ColumnGuess {
  const [best] = [...candidates].sort((a, b) => b.look - a.look);
  if (best.look <= someLook) return { columns: null, others: [] };
  const found = withoutRepeats(best, candidates);
  const close = candidates.filter(({ columns, look }) => columns % found.columns !== 0 && look > distinct * best.look);
  if (close.length === 0) return { columns: found.columns, others: [] };
  return { columns: null, others: [found, ...close].map(({ columns }) => columns).sort((a, b) => a - b) };
}

/** The smallest divisor whose columns differ as much: two points in a row look like the columns of one, twice. */
function withoutRepeats(found: Candidate, candidates: readonly Candidate[]): Candidate {
  const divisors = candidates.filter(({ columns }) => found.columns % columns === 0);
  return divisors.find(({ look }) => look >= alike * found.look)!;
}

function candidate(values: Float32Array, columns: number): Candidate {
  return { columns, step: medianStep(values, columns), look: lookOf(values, columns) };
}

/** Of the distances between consecutive points, of those that are numbers. */
function medianStep(values: Float32Array, columns: number): number {
  const steps: number[] = [];
  for (let at = columns; at + columns <= values.length; at += columns) {
    const step = Math.hypot(...[0, 1, 2].map((axis) => values[at + axis] - values[at - columns + axis]));
    if (Number.isFinite(step)) steps.push(step);
  }
  return steps.length === 0 ? Infinity : Float64Array.from(steps).sort()[steps.length >> 1];
}

/** Share of the variance that the column of a value explains, summed over what tells columns apart. */
function lookOf(values: Float32Array, columns: number): number {
  const scale = (value: number) => (Number.isFinite(value) ? Math.asinh(value) : 0); // far values count as their size
  const traits = [scale, (value: number) => Math.abs(scale(value)), (value: number) => Number(Number.isInteger(value))];
  return traits.reduce((sum, trait) => sum + explainedBy(values, columns, trait), 0);
}

/** Of the variance of a trait. */
function explainedBy(values: Float32Array, columns: number, trait: (value: number) => number): number {
  const sums = new Float64Array(columns);
  let squares = 0;
  values.forEach((value, i) => {
    const of = trait(value);
    sums[i % columns] += of;
    squares += of * of;
  });
  const rows = values.length / columns;
  const mean = sums.reduce((sum, ofColumn) => sum + ofColumn, 0) / values.length;
  const total = squares / values.length - mean * mean;
  const between = sums.reduce((sum, ofColumn) => sum + (ofColumn / rows - mean) ** 2, 0) / columns;
  return total > 1e-12 ? between / total : 0;
}
