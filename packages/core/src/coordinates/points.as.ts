// Cells of points: floor((position - origin) / voxelSize) in float32. All ranks share the code: four floats are loaded
// per point, and the lanes behind the rank count for nothing.

/**
 * Least and greatest cell.
 *
 * @param points     f32[points, pointBytes / 4], readable up to 16 bytes behind the end
 * @param origin     f32[4]
 * @param voxelSize  f32[4]
 * @param bounds     f32[12]: least cell, greatest cell, and lanes that are 1 (as i32, else 0) when no cell was NaN
 */
export function boundPoints(
  points: usize,
  pointCount: usize,
  pointBytes: usize,
  origin: usize,
  voxelSize: usize,
  bounds: usize,
): void {
  const from = v128.load(origin);
  const size = v128.load(voxelSize);
  let least = f32x4.splat(Infinity);
  let greatest = f32x4.splat(-Infinity);
  let isNumber = i32x4.splat(1);
  for (let point: usize = 0; point < pointCount; point++) {
    const cell = cellOf(points, from, size);
    least = f32x4.pmin(least, cell);
    greatest = f32x4.pmax(greatest, cell);
    isNumber = v128.and(isNumber, f32x4.eq(cell, cell));
    points += pointBytes;
  }
  v128.store(bounds, least);
  v128.store(bounds, greatest, 16);
  v128.store(bounds, isNumber, 32);
}

@inline
function cellOf(point: usize, origin: v128, voxelSize: v128): v128 {
  return f32x4.floor(f32x4.div(f32x4.sub(v128.load(point), origin), voxelSize));
}

/**
 * Keys of the cells of points, each with its point in the lowest bits.
 *
 * @param points     f32[points, pointBytes / 4], readable up to 16 bytes behind the end
 * @param origin     f32[4]
 * @param voxelSize  f32[4]
 * @param batches    i32[points], or 0: all points belong to cloud 0
 * @param weights    i64[6]: bias, then one weight per column, shifted by the bits of the index
 * @param keys       u64[points]
 */
export function indexedKeysOfPoints(
  points: usize,
  pointCount: usize,
  pointBytes: usize,
  origin: usize,
  voxelSize: usize,
  batches: usize,
  weights: usize,
  keys: usize,
): void {
  const from = v128.load(origin);
  const size = v128.load(voxelSize);
  const bias = load<i64>(weights);
  const batchWeight = load<i64>(weights, 8);
  const first = load<i64>(weights, 16);
  const second = load<i64>(weights, 24);
  const third = load<i64>(weights, 32);
  const fourth = load<i64>(weights, 40);
  for (let point: usize = 0; point < pointCount; point++) {
    const cell = i32x4.trunc_sat_f32x4_s(cellOf(points, from, size));
    let key = bias + point;
    if (batches != 0) key += batchWeight * (load<i32>(batches + (point << 2)) as i64);
    key += first * (i32x4.extract_lane(cell, 0) as i64);
    key += second * (i32x4.extract_lane(cell, 1) as i64);
    key += third * (i32x4.extract_lane(cell, 2) as i64);
    key += fourth * (i32x4.extract_lane(cell, 3) as i64);
    store<u64>(keys + (point << 3), key);
    points += pointBytes;
  }
}

/**
 * Least and greatest batch index and coordinates.
 *
 * @param rows    i32[rows, rowBytes / 4], readable up to 16 bytes behind the end
 * @param bounds  i32[16]: least batch, least coordinates (at 4), greatest batch (at 8), greatest coordinates (at 12);
 *   lanes behind the rank are meaningless
 */
export function boundRows(rows: usize, rowCount: usize, rowBytes: usize, bounds: usize): void {
  let leastBatch = i32.MAX_VALUE;
  let greatestBatch = i32.MIN_VALUE;
  let least = i32x4.splat(i32.MAX_VALUE);
  let greatest = i32x4.splat(i32.MIN_VALUE);
  for (let row: usize = 0; row < rowCount; row++) {
    const batch = load<i32>(rows);
    const coordinates = v128.load(rows, 4);
    leastBatch = min(leastBatch, batch);
    greatestBatch = max(greatestBatch, batch);
    least = i32x4.min_s(least, coordinates);
    greatest = i32x4.max_s(greatest, coordinates);
    rows += rowBytes;
  }
  store<i32>(bounds, leastBatch);
  v128.store(bounds, least, 16);
  store<i32>(bounds, greatestBatch, 32);
  v128.store(bounds, greatest, 48);
}
