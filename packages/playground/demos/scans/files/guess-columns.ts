const candidates = [3, 4, 5];
const mostPoints = 20_000; // enough to tell, quick in large files
const fewestPoints = 16; // fewer may lie anywhere
const clearly = 4;

/** Numbers per point that divide a file of little-endian float32 into whole points: 3, 4, 5. */
export function fittingColumns(contents: Uint8Array): number[] {
  return candidates.filter((columns) => contents.length % (4 * columns) === 0);
}

/**
 * How many numbers a point of a scan has: scanners write points in the order in which they see them, so that one lies near
 * the next. Read with a wrong number the steps are as long as the scan is wide (on recorded scans of 3, 4 and 5 numbers 0.1
 * to 0.5 m against 22 to 30 m, medians).
 *
 * @returns null where none is clearly better than the others
 */
export function guessColumns(contents: Uint8Array): number | null {
  if (contents.length < 4 * fewestPoints * Math.max(...candidates)) return null;
  const values = new Float32Array(contents.slice(0, contents.length - (contents.length % 4)).buffer);
  const steps = candidates
    .map((columns) => ({ columns, step: medianStep(values, columns) }))
    .sort((a, b) => a.step - b.step);
  return steps[0].step * clearly < steps[1].step ? steps[0].columns : null;
}

/** Of the distances between consecutive points, of those that are numbers. */
function medianStep(values: Float32Array, columns: number): number {
  const points = Math.min(Math.floor(values.length / columns), mostPoints);
  const steps: number[] = [];
  for (let point = 1; point < points; point++) {
    const at = point * columns;
    const step = Math.hypot(...[0, 1, 2].map((axis) => values[at + axis] - values[at - columns + axis]));
    if (Number.isFinite(step)) steps.push(step);
  }
  return steps.length === 0 ? Infinity : steps.sort((a, b) => a - b)[steps.length >> 1];
}
