import { derivedKey } from '../../op/derived-values.js';
import type { CompressedRows } from '../compressed-rows.js';

/** Terms of one sum: float32 sums of more lose accuracy, and one thread would add them while the others wait. */
const longestSum = 64;

const stepsOfRows = derivedKey<readonly Int32Array[]>();

/**
 * How long rows are added in steps, each of at most 64 terms: first the entries, then the sums of the step before. Of each
 * step int32 `[sums + 1]`, where the terms of each sum start; the last step has a sum for each row.
 */
export function sumSteps(rows: CompressedRows): readonly Int32Array[] {
  return rows.derived(stepsOfRows, (own) => {
    const steps: Int32Array[] = [];
    let { starts } = rows;
    while (hasLongSum(starts)) {
      const { pieces, piecesOfSums } = split(starts);
      steps.push(own(pieces));
      starts = piecesOfSums;
    }
    return [...steps, starts === rows.starts ? starts : own(starts)];
  });
}

function hasLongSum(starts: Int32Array): boolean {
  return starts.some((start, i) => i > 0 && start - starts[i - 1] > longestSum);
}

/** Cuts every sum into pieces: where the terms of each piece start, and where the pieces of each sum start. */
function split(starts: Int32Array): { pieces: Int32Array; piecesOfSums: Int32Array } {
  const piecesOfSums = new Int32Array(starts.length);
  for (let sum = 1; sum < starts.length; sum++) {
    piecesOfSums[sum] = piecesOfSums[sum - 1] + Math.ceil((starts[sum] - starts[sum - 1]) / longestSum);
  }
  const pieces = new Int32Array(piecesOfSums[starts.length - 1] + 1);
  for (let sum = 1, piece = 0; sum < starts.length; sum++) {
    for (let term = starts[sum - 1]; term < starts[sum]; term += longestSum) pieces[piece++] = term;
  }
  pieces[pieces.length - 1] = starts[starts.length - 1];
  return { pieces, piecesOfSums };
}
