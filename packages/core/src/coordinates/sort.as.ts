// Least-significant-digit radix sort of 64-bit values; stable. sort-keys.ts chooses the digits.

/**
 * Histograms of one digit.
 *
 * @param values     u64[count]
 * @param histogram  u32[1 << digitBits]
 */
export function countDigits(values: usize, count: usize, shift: i32, digitBits: i32, histogram: usize): void {
  const mask = ((1 << digitBits) - 1) as u64;
  memory.fill(histogram, 0, (4 << digitBits) as usize);
  const end = values + (count << 3);
  for (; values < end; values += 8) increment(histogram, (load<u64>(values) >> (shift as u64)) & mask);
}

/**
 * Histograms of three neighbouring digits in one pass, three times as fast as one after the other.
 *
 * @param values      u64[count]
 * @param histograms  u32[3, 1 << digitBits]
 */
export function countThreeDigits(values: usize, count: usize, shift: i32, digitBits: i32, histograms: usize): void {
  const mask = ((1 << digitBits) - 1) as u64;
  const histogramBytes = (4 << digitBits) as usize;
  memory.fill(histograms, 0, 3 * histogramBytes);
  const second = histograms + histogramBytes;
  const third = second + histogramBytes;
  const end = values + (count << 3);
  for (; values < end; values += 8) {
    const digits = load<u64>(values) >> (shift as u64);
    increment(histograms, digits & mask);
    increment(second, (digits >> (digitBits as u64)) & mask);
    increment(third, (digits >> ((2 * digitBits) as u64)) & mask);
  }
}

@inline
function increment(histogram: usize, digit: u64): void {
  const bucket = histogram + ((digit as usize) << 2);
  store<u32>(bucket, load<u32>(bucket) + 1);
}

/**
 * Moves every value to its place by one digit, keeping the order of equal digits. Uses up the histogram.
 *
 * @param values     u64[count]
 * @param sorted     u64[count]
 * @param histogram  u32[1 << digitBits] of this digit
 */
export function scatterByDigit(
  values: usize,
  sorted: usize,
  count: usize,
  shift: i32,
  digitBits: i32,
  histogram: usize,
): void {
  const mask = ((1 << digitBits) - 1) as u64;
  const buckets = (1 << digitBits) as usize;
  let place = sorted as u32;
  for (let bucket = histogram; bucket < histogram + (buckets << 2); bucket += 4) {
    const size = load<u32>(bucket);
    store<u32>(bucket, place);
    place += size << 3;
  }
  // Neighbours of a scan share digits, so each value would wait for the bucket of the one before it to be written.
  // Two at a time wait half as often.
  const end = values + (count << 3);
  for (; values + 8 < end; values += 16) {
    const first = load<u64>(values);
    const second = load<u64>(values, 8);
    const firstBucket = histogram + ((((first >> (shift as u64)) & mask) as usize) << 2);
    const secondBucket = histogram + ((((second >> (shift as u64)) & mask) as usize) << 2);
    const firstPlace = load<u32>(firstBucket);
    const secondPlace = select<u32>(firstPlace + 8, load<u32>(secondBucket), firstBucket == secondBucket);
    store<u32>(firstBucket, firstPlace + 8);
    store<u32>(secondBucket, secondPlace + 8);
    store<u64>(firstPlace as usize, first);
    store<u64>(secondPlace as usize, second);
  }
  if (values < end) {
    const value = load<u64>(values);
    store<u64>(load<u32>(histogram + ((((value >> (shift as u64)) & mask) as usize) << 2)) as usize, value);
  }
}

/**
 * Gives equal keys one site each, sites ascending.
 *
 * @param sorted    u64[rows] ascending key << indexBits | row
 * @param siteKeys  u64[rows] key of each site
 * @param sites     i32[rows] site of each row
 * @param starts    i32[rows + 1] first position of each site in order
 * @param order     i32[rows] rows by site, ascending within a site
 * @returns the number of sites
 */
export function groupSorted(
  sorted: usize,
  rowCount: usize,
  indexBits: i32,
  siteKeys: usize,
  sites: usize,
  starts: usize,
  order: usize,
): usize {
  const indexMask = ((1 as u64) << (indexBits as u64)) - 1;
  let site: usize = -1;
  let last: u64 = u64.MAX_VALUE;
  store<i32>(starts, 0);
  for (let position: usize = 0; position < rowCount; position++) {
    const value = load<u64>(sorted + (position << 3));
    const row = (value & indexMask) as usize;
    const key = value >> (indexBits as u64);
    site += (key != last) as usize;
    last = key;
    store<u64>(siteKeys + (site << 3), key);
    store<i32>(sites + (row << 2), site as i32);
    store<i32>(order + (position << 2), row as i32);
    store<i32>(starts + (site << 2), (position + 1) as i32, 4);
  }
  return site + 1;
}
