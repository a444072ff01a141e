// Some of the sites.

/**
 * The sites inside a box.
 *
 * @param rows    i32[count, columns]
 * @param bounds  {i32 least, i32 greatest} per column
 * @param sites   i32[count + 1]: the sites, ascending
 * @returns the number of sites
 */
export function listSitesInside(rows: usize, count: usize, columns: usize, bounds: usize, sites: usize): usize {
  let listed: usize = 0;
  for (let site: usize = 0; site < count; site++) {
    let isInside = true;
    for (let column: usize = 0; column < columns; column++) {
      const value = load<i32>(rows + (column << 2));
      const range = bounds + (column << 3);
      isInside = isInside && value >= load<i32>(range) && value <= load<i32>(range, 4);
    }
    store<i32>(sites + (listed << 2), site as i32); // outside: overwritten by the next
    listed += isInside as usize;
    rows += columns << 2;
  }
  return listed;
}

/**
 * Rows by their numbers.
 *
 * @param rows   i32[rows, columns]
 * @param kept   i32[count]
 * @param taken  i32[count, columns]
 */
export function takeRows(rows: usize, columns: usize, kept: usize, count: usize, taken: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const row = rows + (load<i32>(kept + (i << 2)) as usize) * (columns << 2);
    for (let column: usize = 0; column < columns; column++) {
      store<i32>(taken + (column << 2), load<i32>(row + (column << 2)));
    }
    taken += columns << 2;
  }
}
