// Sites as cells of a dense grid.

/**
 * The cell of every site in a grid that holds all of them, row-major over all clouds.
 *
 * @param rows   i32[count, rowBytes / 4], batch first
 * @param axes   axisCount times {i32 column, i32 origin, i32 cells}, the slowest first
 * @param cells  i32[count]
 */
export function cellsOfSites(
  rows: usize,
  rowBytes: usize,
  count: usize,
  axes: usize,
  axisCount: usize,
  cells: usize,
): void {
  const axesEnd = axes + axisCount * 12;
  for (let site: usize = 0; site < count; site++) {
    let cell = load<i32>(rows);
    for (let axis = axes; axis < axesEnd; axis += 12) {
      const coordinate = load<i32>(rows + ((load<i32>(axis) as usize) << 2));
      cell = cell * load<i32>(axis, 8) + coordinate - load<i32>(axis, 4);
    }
    store<i32>(cells + (site << 2), cell);
    rows += rowBytes;
  }
}
