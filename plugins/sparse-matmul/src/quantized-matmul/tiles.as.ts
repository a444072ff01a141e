// x lies in tiles of rows, [inputs / 4][rows][4], padded by zeros to whole groups.

/**
 * tiles = x in tiles of tileRows rows; zeros beyond rows and inFeatures.
 *
 * @param x f32[rows, inFeatures]  @param tiles f32[ceil(rows / tileRows), paddedInputs / 4, tileRows, 4]
 */
export function layTiles(
  x: usize,
  tiles: usize,
  rows: usize,
  inFeatures: usize,
  paddedInputs: usize,
  tileRows: usize,
): void {
  const vectorBytes = tileRows << 4;
  for (let first: usize = 0; first < rows; first += tileRows) {
    for (let row: usize = 0; row < tileRows; row++) {
      const from = x + (first + row) * (inFeatures << 2);
      const filled = first + row < rows ? inFeatures : 0;
      let to = tiles + (row << 4);
      let input: usize = 0;
      for (; input + 4 <= filled; input += 4, to += vectorBytes) v128.store(to, v128.load(from + (input << 2)));
      for (; input < paddedInputs; input += 4, to += vectorBytes) {
        v128.store(to, f32x4.splat(0));
        for (let rest = input; rest < filled; rest++) store<f32>(to + ((rest - input) << 2), load<f32>(from + (rest << 2)));
      }
    }
    tiles += paddedInputs * tileRows << 2;
  }
}

/** The reverse for one tile: x[row] = the tile's values. */
export function takeTile(tile: usize, x: usize, rows: usize, inFeatures: usize, tileRows: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    let from = tile + (row << 4);
    let input: usize = 0;
    for (; input + 4 <= inFeatures; input += 4, from += tileRows << 4) v128.store(x + (input << 2), v128.load(from));
    for (let rest = input; rest < inFeatures; rest++) store<f32>(x + (rest << 2), load<f32>(from + ((rest - input) << 2)));
    x += inFeatures << 2;
  }
}
