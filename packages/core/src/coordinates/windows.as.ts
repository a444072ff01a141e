// Strided convolution. A tap leads from an input site to one output site or, where the stride does not divide, to none:
// that depends on the residues of the site alone. Sites are listed by the class of their residues, and each tap takes
// one class as a whole. Its (input, output) candidates are its pairs, and all candidates sorted are the output sites.
//
// Axes are lanes, the last axis in lane 3. Their record (written by window-axes.ts; lanes that the rank lacks are 0):
//    0 i32x4 mask            16 i32x4 padding       32 i32x4 stride           48 f32x4 stride
//   64 i32x4 least output    80 i32x4 greatest - least output, u32
//   96 i32x4 pointer of i32[stride]: what a residue adds to the class, or far below 0 when no tap has it
//  112 i64[4] key weight

/**
 * Floors, classes and keys of sites.
 *
 * @param rows         i32[sites, rowBytes / 4]
 * @param lastAxes     the four columns of the first row that end with the last axis; readable, whatever is there
 * @param axes         record of the axes
 * @param bias         key of batch 0 and the least output
 * @param batchWeight  weight of the batch column
 * @param classCount   classes that a tap has; all other sites get this class
 * @param distances    i32[sites, 4] floor((coordinate + padding) / stride) - least output
 * @param keys         u64[sites] key of that floor
 * @param classes      i32[sites]
 */
export function classifySites(
  rows: usize,
  lastAxes: usize,
  siteCount: usize,
  rowBytes: usize,
  axes: usize,
  bias: i64,
  batchWeight: i64,
  classCount: i32,
  distances: usize,
  keys: usize,
  classes: usize,
): void {
  const mask = v128.load(axes);
  const padding = v128.load(axes, 16);
  const stride = v128.load(axes, 32);
  const divisor = v128.load(axes, 48);
  const least = v128.load(axes, 64);
  const tables = v128.load(axes, 96);
  const weight0 = load<i64>(axes, 112);
  const weight1 = load<i64>(axes, 120);
  const weight2 = load<i64>(axes, 128);
  const weight3 = load<i64>(axes, 136);
  for (let site: usize = 0; site < siteCount; site++) {
    const positions = i32x4.add(v128.and(v128.load(lastAxes), mask), padding);
    // Exact: positions and strides have at most 22 bits, so no quotient rounds up to the next integer.
    const quotients = f32x4.floor(f32x4.div(f32x4.convert_i32x4_s(positions), divisor));
    const floors = i32x4.trunc_sat_f32x4_s(quotients);
    const residues = i32x4.sub(positions, i32x4.mul(floors, stride));
    const entries = i32x4.add(tables, i32x4.shl(residues, 2));
    const siteClass =
      load<i32>(i32x4.extract_lane(entries, 0) as usize) +
      load<i32>(i32x4.extract_lane(entries, 1) as usize) +
      load<i32>(i32x4.extract_lane(entries, 2) as usize) +
      load<i32>(i32x4.extract_lane(entries, 3) as usize);
    const distance = i32x4.sub(floors, least);
    let key = bias + batchWeight * (load<i32>(rows) as i64);
    key += weight0 * (i32x4.extract_lane(distance, 0) as i64);
    key += weight1 * (i32x4.extract_lane(distance, 1) as i64);
    key += weight2 * (i32x4.extract_lane(distance, 2) as i64);
    key += weight3 * (i32x4.extract_lane(distance, 3) as i64);
    v128.store(distances + (site << 4), distance);
    store<u64>(keys + (site << 3), key);
    store<i32>(classes + (site << 2), select<i32>(classCount, siteClass, siteClass < 0));
    rows += rowBytes;
    lastAxes += rowBytes;
  }
}

/**
 * Lists sites by class, ascending within a class.
 *
 * @param classes     i32[sites]
 * @param ends        i32[classCount], where the list of each class ends and that of the next one starts
 * @param sites       i32[sites]
 */
export function listByClass(classes: usize, siteCount: usize, classCount: usize, ends: usize, sites: usize): void {
  memory.fill(ends, 0, classCount << 2);
  for (let site: usize = 0; site < siteCount; site++) {
    const count = ends + ((load<i32>(classes + (site << 2)) as usize) << 2);
    store<i32>(count, load<i32>(count) + 1);
  }
  let start = 0;
  for (let listed: usize = 0; listed < classCount; listed++) {
    const count = load<i32>(ends + (listed << 2));
    store<i32>(ends + (listed << 2), start);
    start += count;
  }
  // Until a list is full, its end is where its next site goes.
  for (let site: usize = 0; site < siteCount; site++) {
    const next = ends + ((load<i32>(classes + (site << 2)) as usize) << 2);
    const position = load<i32>(next) as usize;
    store<i32>(next, (position + 1) as i32);
    store<i32>(sites + (position << 2), site as i32);
  }
}

/**
 * Candidates of one tap.
 *
 * @param sites      i32[siteCount] the sites of its class
 * @param distances  i32[all sites, 4]
 * @param siteKeys   u64[all sites]
 * @param axes       record of the axes
 * @param shifts     i32[4] what the tap takes from the floors
 * @param keyShift   what the tap takes from a key
 * @param candidate  number of candidates so far
 * @param indexBits  0 for plain keys
 * @param keys       u64[candidates + 1] key of the output site << indexBits | candidate
 * @param inputs     i32[candidates + 1] input site
 * @returns the number of candidates
 */
export function listCandidates(
  sites: usize,
  siteCount: usize,
  distances: usize,
  siteKeys: usize,
  axes: usize,
  shifts: usize,
  keyShift: i64,
  candidate: usize,
  indexBits: i32,
  keys: usize,
  inputs: usize,
): usize {
  const shift = v128.load(shifts);
  const span = v128.load(axes, 80);
  const indexMask = ((1 as usize) << (indexBits as usize)) - 1;
  for (let position: usize = 0; position < siteCount; position++) {
    const site = load<u32>(sites + (position << 2)) as usize;
    const distance = i32x4.sub(v128.load(distances + (site << 4)), shift);
    const key = load<u64>(siteKeys + (site << 3)) - keyShift;
    store<u64>(keys + (candidate << 3), (key << (indexBits as u64)) | (candidate & indexMask));
    store<i32>(inputs + (candidate << 2), site as i32);
    candidate += i32x4.all_true(i32x4.le_u(distance, span)) as usize; // outside of the grid: overwritten by the next
  }
  return candidate;
}
