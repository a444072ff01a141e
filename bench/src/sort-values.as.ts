import { countThreeDigits, scatterByDigit } from '@tfjs-sparse/core/src/coordinates/sort.as';

const digitBits = 11;

/**
 * Sorts 64-bit integers by all their bits, as core's sort-keys.ts does: six digits, whose histograms are made first.
 *
 * @param given       u64[count]
 * @param sorted      u64[count]
 * @param spare       u64[count]
 * @param histograms  u32[6, 1 << 11]
 */
export function sortValues(given: usize, sorted: usize, spare: usize, count: usize, histograms: usize): void {
  memory.copy(sorted, given, count << 3);
  const histogramBytes: usize = 4 << digitBits;
  countThreeDigits(sorted, count, 0, digitBits, histograms);
  countThreeDigits(sorted, count, 3 * digitBits, digitBits, histograms + 3 * histogramBytes);
  let from = sorted;
  let to = spare;
  for (let digit = 0; digit < 6; digit++) {
    const histogram = histograms + (digit as usize) * histogramBytes;
    scatterByDigit(from, to, count, digit * digitBits, digitBits, histogram);
    const last = from;
    from = to;
    to = last;
  }
}
