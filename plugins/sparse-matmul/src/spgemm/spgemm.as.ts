/**
 * values = the values of the product of a and b, row by row: the rows of b that a row of a names are added up in `sums`,
 * and taken from there.
 *
 * @param aValues f32[]  @param aStarts i32[rows + 1]  @param aColumns i32[]
 * @param bValues f32[]  @param bStarts i32[inner + 1]  @param bColumns i32[]
 * @param starts  i32[rows + 1]  @param columns i32[] of the product  @param values f32[]
 * @param sums    f32[columns of b] scratch
 */
export function spgemm(
  aValues: usize,
  aStarts: usize,
  aColumns: usize,
  bValues: usize,
  bStarts: usize,
  bColumns: usize,
  starts: usize,
  columns: usize,
  values: usize,
  sums: usize,
  rows: usize,
): void {
  for (let row: usize = 0; row < rows; row++) {
    const start = load<u32>(starts + (row << 2)) as usize;
    const stop = load<u32>(starts + (row << 2), 4) as usize;
    for (let i = start; i < stop; i++) store<f32>(at(sums, columns, i), 0);
    const aStop = load<u32>(aStarts + (row << 2), 4) as usize;
    for (let i = load<u32>(aStarts + (row << 2)) as usize; i < aStop; i++) {
      const aValue = load<f32>(aValues + (i << 2));
      const range = at(bStarts, aColumns, i);
      const bStop = load<u32>(range, 4) as usize;
      for (let j = load<u32>(range) as usize; j < bStop; j++) {
        const sum = at(sums, bColumns, j);
        store<f32>(sum, load<f32>(sum) + aValue * load<f32>(bValues + (j << 2)));
      }
    }
    for (let i = start; i < stop; i++) store<f32>(values + (i << 2), load<f32>(at(sums, columns, i)));
  }
}

/**
 * values[pair] = the dot product of row `pair row` of x and row columns[pair] of y. A row of x is spread in `spread`.
 *
 * @param xValues f32[]  @param xOrder i32[] the place of each value, or 0  @param xStarts i32[]  @param xColumns i32[]
 * @param starts i32[rows + 1]  @param columns i32[] of the pairs  @param values f32[pairs]
 * @param spread f32[columns of x] scratch  @param rowOf i32[columns of x] scratch
 */
export function rowDots(
  xValues: usize,
  xOrder: usize,
  xStarts: usize,
  xColumns: usize,
  yValues: usize,
  yOrder: usize,
  yStarts: usize,
  yColumns: usize,
  starts: usize,
  columns: usize,
  values: usize,
  spread: usize,
  rowOf: usize,
  rows: usize,
  inner: usize,
): void {
  memory.fill(rowOf, 255, inner << 2); // no row
  for (let row: usize = 0; row < rows; row++) {
    const xStop = load<u32>(xStarts + (row << 2), 4) as usize;
    for (let i = load<u32>(xStarts + (row << 2)) as usize; i < xStop; i++) {
      const to = at(spread, xColumns, i);
      const isRepeated = load<u32>(at(rowOf, xColumns, i)) == (row as u32);
      store<f32>(to, (isRepeated ? load<f32>(to) : 0) + valueOf(xValues, xOrder, i));
      store<u32>(at(rowOf, xColumns, i), row as u32);
    }
    const stop = load<u32>(starts + (row << 2), 4) as usize;
    for (let pair = load<u32>(starts + (row << 2)) as usize; pair < stop; pair++) {
      const range = at(yStarts, columns, pair);
      const yStop = load<u32>(range, 4) as usize;
      let sum: f32 = 0;
      for (let j = load<u32>(range) as usize; j < yStop; j++) {
        if (load<u32>(at(rowOf, yColumns, j)) != (row as u32)) continue; // else 0 * NaN
        sum += load<f32>(at(spread, yColumns, j)) * valueOf(yValues, yOrder, j);
      }
      store<f32>(values + (pair << 2), sum);
    }
  }
}

// Address of table[indices[i]].
// @ts-ignore: decorator of AssemblyScript
@inline
function at(table: usize, indices: usize, i: usize): usize {
  return table + ((load<u32>(indices + (i << 2)) as usize) << 2);
}

// @ts-ignore: decorator of AssemblyScript
@inline
function valueOf(values: usize, order: usize, i: usize): f32 {
  return order ? load<f32>(at(values, order, i)) : load<f32>(values + (i << 2));
}
