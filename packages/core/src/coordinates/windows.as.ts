// Strided convolution: the output sites whose window holds a given input site. Each (input site, tap) is a candidate;
// the sorted candidates give the output sites, and each of them is a pair of the kernel map.

/** Byte offsets of the fields of one axis (written by covering-map.ts). */
const axisBytes: usize = 48;
// i64 weight at 0; i32: column bytes at 8, padding at 12, stride at 16, log2 of the stride or -1 at 20, least output at
// 24, greatest output at 28, pointer of the options at 32, bytes of the options of one residue at 36, tap weight at 40.

@inline
function divideDown(value: i32, axis: usize): i32 {
  const log2 = load<i32>(axis, 20);
  if (log2 >= 0) return value >> log2;
  const stride = load<i32>(axis, 16);
  const quotient = value / stride;
  return quotient - ((value - quotient * stride < 0) as i32);
}

/** Options of a position: i32 count, then count times {i32 shift of the output, i32 tap}. */
@inline
function optionsOf(position: i32, quotient: i32, axis: usize): usize {
  const residue = position - quotient * load<i32>(axis, 16);
  return (load<i32>(axis, 32) + residue * load<i32>(axis, 36)) as usize;
}

@inline
function isInside(output: i32, axis: usize): bool {
  return output >= load<i32>(axis, 24) && output <= load<i32>(axis, 28);
}

/**
 * Candidates of any geometry, in the order of the input sites.
 *
 * @param rows     i32[sites, rowBytes / 4]
 * @param axes     4 axis records; axes that the rank lacks have weight 0 and one option
 * @param bias     key of (batch 0, output 0)
 * @param batchWeight  weight of the batch column
 * @param keys     u64[candidates] key of the output site << indexBits | candidate
 * @param inputs   i32[candidates] input site
 * @param taps     i32[candidates]
 * @returns the number of candidates
 */
export function coveringCandidates(
  rows: usize,
  siteCount: usize,
  rowBytes: usize,
  axes: usize,
  bias: i64,
  batchWeight: i64,
  indexBits: i32,
  keys: usize,
  inputs: usize,
  taps: usize,
): usize {
  const axis0 = axes;
  const axis1 = axes + axisBytes;
  const axis2 = axes + 2 * axisBytes;
  const axis3 = axes + 3 * axisBytes;
  let candidate: usize = 0;
  for (let site: usize = 0; site < siteCount; site++) {
    const position0 = load<i32>(rows + load<i32>(axis0, 8)) + load<i32>(axis0, 12);
    const position1 = load<i32>(rows + load<i32>(axis1, 8)) + load<i32>(axis1, 12);
    const position2 = load<i32>(rows + load<i32>(axis2, 8)) + load<i32>(axis2, 12);
    const position3 = load<i32>(rows + load<i32>(axis3, 8)) + load<i32>(axis3, 12);
    const quotient0 = divideDown(position0, axis0);
    const quotient1 = divideDown(position1, axis1);
    const quotient2 = divideDown(position2, axis2);
    const quotient3 = divideDown(position3, axis3);
    const options0 = optionsOf(position0, quotient0, axis0);
    const options1 = optionsOf(position1, quotient1, axis1);
    const options2 = optionsOf(position2, quotient2, axis2);
    const options3 = optionsOf(position3, quotient3, axis3);
    const end0 = options0 + (load<i32>(options0) << 3);
    const end1 = options1 + (load<i32>(options1) << 3);
    const end2 = options2 + (load<i32>(options2) << 3);
    const end3 = options3 + (load<i32>(options3) << 3);
    const siteKey = bias + batchWeight * (load<i32>(rows) as i64);
    for (let option0 = options0; option0 < end0; option0 += 8) {
      const output0 = quotient0 - load<i32>(option0, 4);
      if (!isInside(output0, axis0)) continue;
      const key0 = siteKey + load<i64>(axis0) * (output0 as i64);
      const tap0 = load<i32>(option0, 8);
      for (let option1 = options1; option1 < end1; option1 += 8) {
        const output1 = quotient1 - load<i32>(option1, 4);
        if (!isInside(output1, axis1)) continue;
        const key1 = key0 + load<i64>(axis1) * (output1 as i64);
        const tap1 = tap0 + load<i32>(option1, 8);
        for (let option2 = options2; option2 < end2; option2 += 8) {
          const output2 = quotient2 - load<i32>(option2, 4);
          if (!isInside(output2, axis2)) continue;
          const key2 = key1 + load<i64>(axis2) * (output2 as i64);
          const tap2 = tap1 + load<i32>(option2, 8);
          for (let option3 = options3; option3 < end3; option3 += 8) {
            const output3 = quotient3 - load<i32>(option3, 4);
            if (!isInside(output3, axis3)) continue;
            const key = (key2 + load<i64>(axis3) * (output3 as i64)) as u64;
            store<u64>(keys + (candidate << 3), (key << (indexBits as u64)) | candidate);
            store<i32>(inputs + (candidate << 2), site as i32);
            store<i32>(taps + (candidate << 2), tap2 + load<i32>(option3, 8));
            candidate++;
          }
        }
      }
    }
    rows += rowBytes;
  }
  return candidate;
}

/**
 * Candidates where windows neither overlap nor leave gaps (kernel = stride, no padding, no dilation): at most one per
 * input site. Parameters as coveringCandidates.
 */
export function disjointCandidates(
  rows: usize,
  siteCount: usize,
  rowBytes: usize,
  axes: usize,
  bias: i64,
  batchWeight: i64,
  indexBits: i32,
  keys: usize,
  inputs: usize,
  taps: usize,
): usize {
  let candidate: usize = 0;
  const axesEnd = axes + 4 * axisBytes;
  for (let site: usize = 0; site < siteCount; site++) {
    let key = bias + batchWeight * (load<i32>(rows) as i64);
    let tap = 0;
    let isKept = true;
    for (let axis = axes; axis < axesEnd; axis += axisBytes) {
      const position = load<i32>(rows + load<i32>(axis, 8));
      const output = divideDown(position, axis);
      key += load<i64>(axis) * (output as i64);
      tap += (position - output * load<i32>(axis, 16)) * load<i32>(axis, 40);
      isKept = isKept && isInside(output, axis);
    }
    store<u64>(keys + (candidate << 3), ((key as u64) << (indexBits as u64)) | candidate);
    store<i32>(inputs + (candidate << 2), site as i32);
    store<i32>(taps + (candidate << 2), tap);
    candidate += isKept as usize;
    rows += rowBytes;
  }
  return candidate;
}

/**
 * Sorts candidates by tap; each list keeps the order of the candidates, so both of its columns ascend.
 *
 * @param inputs   i32[candidates]
 * @param outputs  i32[candidates]
 * @param taps     i32[candidates]
 * @param ends     i32[tapCount] where the list of each tap ends and that of the next one starts
 * @param left     i32[candidates] inputs by tap
 * @param right    i32[candidates] outputs by tap
 */
export function listByTap(
  inputs: usize,
  outputs: usize,
  taps: usize,
  candidateCount: usize,
  tapCount: usize,
  ends: usize,
  left: usize,
  right: usize,
): void {
  memory.fill(ends, 0, tapCount << 2);
  for (let candidate: usize = 0; candidate < candidateCount; candidate++) {
    const count = ends + ((load<i32>(taps + (candidate << 2)) as usize) << 2);
    store<i32>(count, load<i32>(count) + 1);
  }
  let start = 0;
  for (let tap: usize = 0; tap < tapCount; tap++) {
    const count = load<i32>(ends + (tap << 2));
    store<i32>(ends + (tap << 2), start);
    start += count;
  }
  // Until a list is full, its end is where its next pair goes.
  for (let candidate: usize = 0; candidate < candidateCount; candidate++) {
    const next = ends + ((load<i32>(taps + (candidate << 2)) as usize) << 2);
    const position = load<i32>(next) as usize;
    store<i32>(next, (position + 1) as i32);
    store<i32>(left + (position << 2), load<i32>(inputs + (candidate << 2)));
    store<i32>(right + (position << 2), load<i32>(outputs + (candidate << 2)));
  }
}
