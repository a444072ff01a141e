/** Cells per side of a wafer map. */
const side = 64;

/** The map under one of the eight symmetries of the square; 0 is the map itself. Classes do not depend on orientation. */
export function transformed(map: Uint8Array, symmetry: number): Uint8Array {
  if (symmetry === 0) return map;
  const turned = new Uint8Array(map.length);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      let [fromRow, fromColumn] = symmetry & 4 ? [column, row] : [row, column];
      if (symmetry & 1) fromRow = side - 1 - fromRow;
      if (symmetry & 2) fromColumn = side - 1 - fromColumn;
      turned[row * side + column] = map[fromRow * side + fromColumn];
    }
  }
  return turned;
}
