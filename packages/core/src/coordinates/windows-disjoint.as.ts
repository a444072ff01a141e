// Strided convolution whose windows neither overlap nor leave gaps and have powers of two as sizes: every site has one
// output, whose key is made of the high bits of the fields of its own, and one tap, made of their low bits.

/**
 * Outputs and taps of sites.
 *
 * @param keys       u64[sites]
 * @param fields     u64[16]: what moves the sites to the grid of the outputs, bits of an index, then {mask, shift to the
 *   right} of batch and three axes in the key of the output, and of three axes in the tap; masks of absent axes are 0
 * @param outputs    u64[sites] key of the output << indexBits | site
 * @param taps       u16[sites]
 * @param tapCount   at most 65536
 * @param counts     i32[taps] sites of each tap
 */
export function listOutputs(
  keys: usize,
  siteCount: usize,
  fields: usize,
  outputs: usize,
  taps: usize,
  tapCount: usize,
  counts: usize,
): void {
  const bias = load<u64>(fields);
  const indexBits = load<u64>(fields, 8);
  const batch = load<u64>(fields, 16);
  const ofBatch = load<u64>(fields, 24);
  const first = load<u64>(fields, 32);
  const ofFirst = load<u64>(fields, 40);
  const second = load<u64>(fields, 48);
  const ofSecond = load<u64>(fields, 56);
  const third = load<u64>(fields, 64);
  const ofThird = load<u64>(fields, 72);
  const firstLow = load<u64>(fields, 80);
  const ofFirstLow = load<u64>(fields, 88);
  const secondLow = load<u64>(fields, 96);
  const ofSecondLow = load<u64>(fields, 104);
  const thirdLow = load<u64>(fields, 112);
  const ofThirdLow = load<u64>(fields, 120);
  memory.fill(counts, 0, tapCount << 2);
  for (let site: usize = 0; site < siteCount; site++) {
    const key = load<u64>(keys + (site << 3)) + bias;
    let output = (key & batch) >> ofBatch;
    output |= (key & first) >> ofFirst;
    output |= (key & second) >> ofSecond;
    output |= (key & third) >> ofThird;
    store<u64>(outputs + (site << 3), (output << indexBits) | site);
    let tap = (key & firstLow) >> ofFirstLow;
    tap |= (key & secondLow) >> ofSecondLow;
    tap |= (key & thirdLow) >> ofThirdLow;
    store<u16>(taps + (site << 1), tap as u16);
    const count = counts + ((tap as usize) << 2);
    store<i32>(count, load<i32>(count) + 1);
  }
}

/**
 * The different keys of a sorted list, and where the entries went.
 *
 * @param sorted     u64[count] key << indexBits | index, ascending
 * @param different  u64[count]
 * @param places     i32[count] by index, the key of each entry
 * @returns the number of different keys
 */
export function numberSorted(sorted: usize, count: usize, indexBits: i32, different: usize, places: usize): usize {
  const indexMask = ((1 as u64) << (indexBits as u64)) - 1;
  let place: i32 = -1;
  let last: u64 = u64.MAX_VALUE;
  const end = sorted + (count << 3);
  for (; sorted < end; sorted += 8) {
    const value = load<u64>(sorted);
    const key = value >> (indexBits as u64);
    place += (key != last) as i32;
    last = key;
    store<u64>(different + ((place as usize) << 3), key);
    store<i32>(places + (((value & indexMask) as usize) << 2), place);
  }
  return (place + 1) as usize;
}

/**
 * Pairs of sites and their outputs, tap by tap, ascending within a tap.
 *
 * @param taps     u16[sites]
 * @param outputs  i32[sites]
 * @param starts   i32[taps] where the pairs of each tap start; used up
 * @param left     i32[sites] sites
 * @param right    i32[sites] outputs
 */
export function pairByTap(
  taps: usize,
  siteCount: usize,
  outputs: usize,
  starts: usize,
  left: usize,
  right: usize,
): void {
  for (let site: usize = 0; site < siteCount; site++) {
    const next = starts + ((load<u16>(taps + (site << 1)) as usize) << 2);
    const pair = load<i32>(next) as usize;
    store<i32>(next, (pair + 1) as i32);
    store<i32>(left + (pair << 2), site as i32);
    store<i32>(right + (pair << 2), load<i32>(outputs + (site << 2)));
  }
}
