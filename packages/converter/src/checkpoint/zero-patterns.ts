/** How the zeros of a weight lie. */
export interface ZeroPattern {
  /** `2:4`: at most so many non-zeros of so many along `axis`; null where no rule holds. */
  readonly groups: { readonly n: number; readonly m: number; readonly axis: number } | null;
  /** Rows (outputs, the first axis) that share their zeros in blocks of 8, 4 or 2; 1 where they do not. */
  readonly blockRows: number;
  /** Rows that are all 0. */
  readonly zeroRows: number;
  /** A rule that nearly holds, and where it first does not. */
  readonly nearly: NearRule | null;
}

export interface NearRule {
  readonly n: number;
  readonly m: number;
  readonly axis: number;
  /** Groups with more than n. */
  readonly broken: number;
  readonly groups: number;
  /** Indices of the first element of the first such group. */
  readonly first: readonly number[];
}

const groupSizes = [4, 8, 16];
const leastZeros = 0.2; // of the elements: below, a pattern is chance
const leastFull = 0.9; // of the places that a rule of groups leaves: below, its n is chance
const mostBroken = 0.01; // of the groups

/** Finds patterns in rows of flags that come one after the other. */
export class ZeroPatterns {
  readonly #axes: readonly AxisGroups[];
  readonly #rowElements: number;
  readonly #blockSizes = [8, 4, 2];
  /** Of each block size: positions where the rows of a block differ. */
  readonly #differences: number[];
  #zeroRows = 0;
  #row = 0;

  constructor(private readonly shape: readonly number[]) {
    const inner = shape.slice(1);
    this.#rowElements = inner.reduce((product, length) => product * length, 1);
    const last = shape.length - 1;
    // Linear has its inputs last, torch's convolutions second, those of sparse engines last.
    const axes = last === 1 ? [1] : [1, last];
    this.#axes = axes.map((axis) => new AxisGroups(shape, axis));
    this.#differences = this.#blockSizes.map(() => 0);
  }

  /**
   * @param flags 1 for zero, `[rows, ...]`; a multiple of 8 rows, but at the end
   * @returns how many are 1
   */
  take(flags: Uint8Array<ArrayBuffer>, rows: number): number {
    const elements = this.#rowElements;
    let all = 0;
    for (let row = 0; row < rows; row++) {
      const start = row * elements;
      const zeros = onesIn(flags, start, start + elements);
      all += zeros;
      if (zeros === elements) this.#zeroRows++;
      for (const axis of this.#axes) axis.take(flags, start, this.#row + row);
    }
    this.#blockSizes.forEach((size, index) => {
      if (this.#differences[index] > 0) return;
      for (let row = 0; row < rows; row += size) {
        for (let other = row + 1; other < Math.min(row + size, rows) && this.#differences[index] === 0; other++) {
          if (!haveSameFlags(flags, row * elements, other * elements, elements)) this.#differences[index]++;
        }
      }
    });
    this.#row += rows;
    return all;
  }

  /** @param zeros of all elements; null where they are few, or all */
  result(zeros: number): ZeroPattern | null {
    const size = this.#row * this.#rowElements;
    if (zeros < leastZeros * size || zeros === size) return null;
    const exact = this.#axes.flatMap((axis) => axis.exact()).sort((a, b) => a.n / a.m - b.n / b.m || a.m - b.m);
    const near = this.#axes.flatMap((axis) => axis.nearly()).sort((a, b) => a.n / a.m - b.n / b.m || a.m - b.m);
    const block = this.#blockSizes.find((rows, index) => this.#differences[index] === 0 && this.shape[0] >= rows) ?? 1;
    return {
      groups: exact[0] ?? null,
      blockRows: block,
      zeroRows: this.#zeroRows,
      nearly: exact[0] ? null : (near[0] ?? null),
    };
  }
}

/** Sum of flags, of four at once where they lie so. */
export function onesIn(flags: Uint8Array<ArrayBuffer>, start: number, end: number): number {
  let ones = 0;
  if (start % 4 === 0 && end % 4 === 0 && flags.byteOffset === 0) {
    const fours = new Uint32Array(flags.buffer, start, (end - start) / 4);
    for (let i = 0; i < fours.length; i++) ones += sumOfBytes(fours[i]);
    return ones;
  }
  for (let i = start; i < end; i++) ones += flags[i];
  return ones;
}

/** Of four bytes in a word, whose sum is below 256. */
function sumOfBytes(word: number): number {
  return Math.imul(word, 0x01010101) >>> 24;
}

function haveSameFlags(flags: Uint8Array, one: number, other: number, count: number): boolean {
  for (let i = 0; i < count; i++) if (flags[one + i] !== flags[other + i]) return false;
  return true;
}

/** How many non-zeros the groups of 4, 8 and 16 along one axis have. */
class AxisGroups {
  /** Elements between neighbours along the axis. */
  readonly #step: number;
  readonly #length: number;
  readonly #rowElements: number;
  /** `[group size][non-zeros]` */
  readonly #counts = groupSizes.map((size) => new Float64Array(size + 1));
  /** The first group with more than half of its places: row and element within it. */
  readonly #first = groupSizes.map((): readonly [row: number, element: number] | null => null);

  constructor(
    private readonly shape: readonly number[],
    private readonly axis: number,
  ) {
    this.#step = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
    this.#length = shape[axis];
    this.#rowElements = shape.slice(1).reduce((product, length) => product * length, 1);
  }

  /** The same of neighbours, four flags in a word. */
  #takeWords(words: Uint32Array, row: number): void {
    const [fours, eights, sixteens] = this.#counts;
    const first = (index: number, word: number) => (this.#first[index] ??= [row, 4 * word]);
    for (let i = 0; i < words.length; i += 4) {
      const a = 4 - sumOfBytes(words[i]);
      const b = 4 - sumOfBytes(words[i + 1]);
      const c = 4 - sumOfBytes(words[i + 2]);
      const d = 4 - sumOfBytes(words[i + 3]);
      fours[a]++;
      fours[b]++;
      fours[c]++;
      fours[d]++;
      eights[a + b]++;
      eights[c + d]++;
      sixteens[a + b + c + d]++;
      if (a > 2) first(0, i);
      if (b > 2) first(0, i + 1);
      if (c > 2) first(0, i + 2);
      if (d > 2) first(0, i + 3);
      if (a + b > 4) first(1, i);
      if (c + d > 4) first(1, i + 2);
      if (a + b + c + d > 8) first(2, i);
    }
  }

  take(flags: Uint8Array<ArrayBuffer>, start: number, row: number): void {
    if (this.#length % 4 !== 0) return;
    if (this.#step === 1 && this.#length % 16 === 0 && flags.byteOffset === 0) {
      this.#takeWords(new Uint32Array(flags.buffer, start, this.#rowElements / 4), row);
      return;
    }
    const [fours, eights, sixteens] = this.#counts;
    const [step, length] = [this.#step, this.#length];
    const rowElements = this.#rowElements;
    const [hasEights, hasSixteens] = [length % 8 === 0, length % 16 === 0];
    for (let outer = 0; outer < rowElements; outer += step * length) {
      for (let inner = 0; inner < step; inner++) {
        let at = start + outer + inner;
        let [eight, sixteen] = [0, 0];
        for (let place = 0; place < length; place += 4, at += 4 * step) {
          const four = 4 - flags[at] - flags[at + step] - flags[at + 2 * step] - flags[at + 3 * step];
          fours[four]++;
          if (four > 2) this.#first[0] ??= [row, at - start];
          eight += four;
          sixteen += four;
          if (hasEights && place % 8 === 4) {
            eights[eight]++;
            if (eight > 4) this.#first[1] ??= [row, at - 4 * step - start];
            eight = 0;
          }
          if (hasSixteens && place % 16 === 12) {
            sixteens[sixteen]++;
            if (sixteen > 8) this.#first[2] ??= [row, at - 12 * step - start];
            sixteen = 0;
          }
        }
      }
    }
  }

  exact() {
    return groupSizes.flatMap((m, index) => {
      const counts = this.#counts[index];
      const n = counts.reduce((most, count, kept) => (count > 0 ? kept : most), 0);
      const kept = counts.reduce((sum, count, each) => sum + each * count, 0);
      const most = n * counts.reduce((sum, count) => sum + count, 0);
      return n > 0 && n < m && kept >= leastFull * most ? [{ n, m, axis: this.axis }] : [];
    });
  }

  /** Rules of half of the places that few groups break. */
  nearly(): NearRule[] {
    return groupSizes.flatMap((m, index) => {
      const counts = this.#counts[index];
      const groups = counts.reduce((sum, count) => sum + count, 0);
      const broken = counts.subarray(m / 2 + 1).reduce((sum, count) => sum + count, 0);
      const first = this.#first[index];
      const kept = counts.reduce((sum, count, each) => sum + each * count, 0);
      if (!first || broken > mostBroken * groups || kept < (leastFull * groups * m) / 2) return [];
      return [{ n: m / 2, m, axis: this.axis, broken, groups, first: this.#indices(first) }];
    });
  }

  #indices([row, element]: readonly [number, number]): number[] {
    const inner = this.shape.slice(1);
    let rest = element;
    const indices = inner.map((_, i) => {
      const size = inner.slice(i + 1).reduce((product, length) => product * length, 1);
      const index = Math.floor(rest / size);
      rest -= index * size;
      return index;
    });
    return [row, ...indices];
  }
}
