/**
 * The cell of each point: floor((position - origin) / voxelSize) in float32. All ranks share the code: four floats are
 * loaded per point and the lanes behind the rank are never looked at.
 *
 * @param points     f32[points, pointBytes / 4], readable up to 16 bytes behind the end
 * @param origin     f32[4]
 * @param voxelSize  f32[4]
 * @param batches    i32[points], or 0: all points belong to cloud 0
 * @param rows       i32[points, rowBytes / 4] batch and cell, writable up to 16 bytes behind the end
 * @param bounds     f32[12]: least cell, greatest cell, lanes 1 while no position was NaN (as i32, else 0)
 */
export function voxelizePoints(
  points: usize,
  pointCount: usize,
  pointBytes: usize,
  origin: usize,
  voxelSize: usize,
  batches: usize,
  rows: usize,
  rowBytes: usize,
  bounds: usize,
): void {
  const from = v128.load(origin);
  const size = v128.load(voxelSize);
  let least = f32x4.splat(Infinity);
  let greatest = f32x4.splat(-Infinity);
  let isNumber = i32x4.splat(1);
  for (let point: usize = 0; point < pointCount; point++) {
    const cell = f32x4.floor(f32x4.div(f32x4.sub(v128.load(points), from), size));
    least = f32x4.pmin(least, cell);
    greatest = f32x4.pmax(greatest, cell);
    isNumber = v128.and(isNumber, f32x4.eq(cell, cell));
    store<i32>(rows, batches == 0 ? 0 : load<i32>(batches + (point << 2)));
    // Lanes behind the rank spill into the next row, which is written later.
    v128.store(rows, i32x4.trunc_sat_f32x4_s(cell), 4);
    points += pointBytes;
    rows += rowBytes;
  }
  v128.store(bounds, least);
  v128.store(bounds, greatest, 16);
  v128.store(bounds, isNumber, 32);
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
