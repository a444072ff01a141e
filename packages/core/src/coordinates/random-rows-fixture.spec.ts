// Not a spec itself: clouds of different spans.
export interface Span {
  readonly name: string;
  readonly least: number;
  readonly greatest: number;
  readonly batches: number;
  readonly spatialShape: boolean;
}

export const spans: readonly Span[] = [
  { name: 'a dense block', least: 0, greatest: 3, batches: 2, spatialShape: true },
  { name: 'negative coordinates', least: -6, greatest: 5, batches: 3, spatialShape: false },
  // in rank 3 keys of 61 bits, beside which no index fits
  { name: 'a wide range', least: -(2 ** 18), greatest: 2 ** 18, batches: 2, spatialShape: false },
  // 4 x 21 bits: keys do not fit 62 bits, nor in rank 3 the index behind them
  { name: 'the whole range', least: -(2 ** 20) + 64, greatest: 2 ** 20 - 64, batches: 2 ** 15, spatialShape: false },
];

/** Rows with repeats; half of a wide span lies in one corner, so that sites do have neighbours. */
export function randomRows(random: () => number, rank: number, span: Span): Int32Array {
  const rows = new Int32Array(80 * (1 + rank));
  const between = (least: number, greatest: number): number => least + Math.floor(random() * (greatest - least + 1));
  for (let row = 0; row < 80; row++) {
    const isNear = random() < 0.6;
    rows[row * (1 + rank)] = isNear ? between(0, 1) : between(0, span.batches - 1);
    for (let axis = 1; axis <= rank; axis++) {
      rows[row * (1 + rank) + axis] = between(
        span.least,
        isNear ? Math.min(span.least + 4, span.greatest) : span.greatest,
      );
    }
  }
  return rows;
}
