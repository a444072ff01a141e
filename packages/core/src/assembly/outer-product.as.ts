import { addRowBlock, panelBytes } from './row-block.as';

// The product of a transposed matrix with another, as gradients of filters are: the rows of a chunk of both are laid out
// block by block, and then every 4 x 8 channels are one product of the two layouts.

/**
 * Lays rows out in blocks of `width` channels, 4 or 8, zero-padding the last one.
 *
 * @param rows   f32[, channels]  @param list i32[] which row is the i-th; 0 for row i  @param start first i
 * @param blocks f32[ceil(channels / width), count, width]
 */
// @ts-ignore: decorator of AssemblyScript
@inline
export function layOutRows(
  rows: usize,
  list: usize,
  start: usize,
  count: usize,
  channels: usize,
  width: usize,
  blocks: usize,
): void {
  const rowBytes = channels << 2;
  const blockBytes = width << 2;
  const nextBlock = count * blockBytes;
  for (let i = start; i < start + count; i++) {
    const row = rows + (list == 0 ? i : (load<i32>(list + (i << 2)) as usize)) * rowBytes;
    let to = blocks;
    let byte: usize = 0;
    for (; byte + blockBytes <= rowBytes; byte += blockBytes, to += nextBlock) {
      v128.store(to, v128.load(row + byte));
      if (width == 8) v128.store(to, v128.load(row + byte, 16), 16);
    }
    if (byte < rowBytes) {
      memory.copy(to, row + byte, rowBytes - byte);
      memory.fill(to + rowBytes - byte, 0, blockBytes - (rowBytes - byte));
    }
    blocks += blockBytes;
  }
}

/**
 * matrix += a^T * b for `count` rows of both.
 *
 * @param a f32[blocks, count, 4]  @param b f32[panels, count, 8]  @param matrix f32[blocks * 4, panels * 8]
 */
export function addProducts(a: usize, b: usize, count: usize, matrix: usize, blocks: usize, panels: usize): void {
  const row = panels * panelBytes;
  const blockBytes = count << 4;
  // The blocks pass by a panel, not the other way round: they are half as large, and the panel stays in the cache.
  for (let panel: usize = 0; panel < panels; panel++) {
    const weights = b + panel * count * panelBytes;
    let row0 = matrix + panel * panelBytes;
    let columns = a;
    for (let block: usize = 0; block < blocks; block++) {
      const row1 = row0 + row;
      const row2 = row1 + row;
      const row3 = row2 + row;
      const columnsEnd = columns + blockBytes;
      addRowBlock(row0, row1, row2, row3, row0, row1, row2, row3, columns, columnsEnd, weights);
      columns = columnsEnd;
      row0 = row3 + row;
    }
  }
}
