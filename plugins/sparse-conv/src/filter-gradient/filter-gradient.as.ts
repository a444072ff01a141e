import { addRowBlock, panelBytes } from '../map-convolution/row-block.as';

/**
 * dFilter[k] = sum over the pairs (in, out) of offset k of x[in]^T * dy[out]. Pairs go in chunks, in tile order: the rows
 * of a chunk are laid out block by block, and then every 4 input x 8 output channels are one product of the two layouts.
 * Offsets do not depend on each other.
 *
 * @param firstOffset  @param endOffset  the offsets to do  @param thread whose scratch to use
 * @param x        f32[inSites, inChannels]
 * @param dy       f32[outSites, outChannels]
 * @param dFilter  f32[offsets, inBlocks * 4, outPanels * 8], what is beyond the channels zero
 * @param left     i32[]  @param right i32[]  pair columns
 * @param tiles    i32[tileCount, offsets, 2] first pair and pair count of each tile and offset
 * @param swapped  i32[offsets] 0: left is the input column, 1: right is
 * @param identityOffset offset whose pairs are (i, i) for every site, or -1
 * @param chunkPairs pairs per chunk
 * @param xBlocks  f32[threads, inBlocks, chunkPairs, 4] scratch  @param dyPanels f32[threads, outPanels, chunkPairs, 8]
 *   scratch
 */
export function mapFilterGradient(
  firstOffset: usize,
  endOffset: usize,
  thread: usize,
  x: usize,
  dy: usize,
  dFilter: usize,
  left: usize,
  right: usize,
  tiles: usize,
  swapped: usize,
  offsets: usize,
  tileSites: usize,
  outSites: usize,
  identityOffset: i32,
  chunkPairs: usize,
  xBlocks: usize,
  dyPanels: usize,
  inChannels: usize,
  outChannels: usize,
): void {
  const inBlocks = (inChannels + 3) >> 2;
  const outPanels = (outChannels + 7) >> 3;
  const matrixBytes = inBlocks * outPanels * 4 * panelBytes;
  xBlocks += thread * chunkPairs * inBlocks * 16;
  dyPanels += thread * chunkPairs * outPanels * panelBytes;
  memory.fill(dFilter + firstOffset * matrixBytes, 0, (endOffset - firstOffset) * matrixBytes);
  for (let first: usize = 0; first < outSites; first += tileSites) {
    for (let offset = firstOffset; offset < endOffset; offset++) {
      const isIdentity = (offset as i32) == identityOffset;
      const isSwapped = load<i32>(swapped + (offset << 2)) != 0;
      const entry = tiles + (offset << 3);
      let start = isIdentity ? first : (load<i32>(entry) as usize);
      const end = start + (isIdentity ? min(tileSites, outSites - first) : (load<i32>(entry, 4) as usize));
      const inputs = isIdentity ? 0 : isSwapped ? right : left;
      const outputs = isIdentity ? 0 : isSwapped ? left : right;
      for (let chunks = (end - start + chunkPairs - 1) / chunkPairs; chunks > 0; chunks--) {
        const count = (end - start) / chunks;
        layOutRows(x, inputs, start, count, inChannels, 4, xBlocks);
        layOutRows(dy, outputs, start, count, outChannels, 8, dyPanels);
        addProducts(xBlocks, dyPanels, count, dFilter + offset * matrixBytes, inBlocks, outPanels);
        start += count;
      }
    }
    tiles += offsets << 3;
  }
}

/**
 * Lays rows out in blocks of `width` channels, zero-padding the last one.
 *
 * @param list   i32[] which row is pair i; 0 for row i
 * @param blocks f32[channels / width, count, width]
 */
function layOutRows(
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
  for (let pair = start; pair < start + count; pair++) {
    const row = rows + (list == 0 ? pair : (load<i32>(list + (pair << 2)) as usize)) * rowBytes;
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

/** matrix += x^T * dy for `count` pairs. @param matrix f32[inBlocks * 4, outPanels * 8] */
function addProducts(
  xBlocks: usize,
  dyPanels: usize,
  count: usize,
  matrix: usize,
  inBlocks: usize,
  outPanels: usize,
): void {
  const row = outPanels * panelBytes;
  const blockBytes = count << 4;
  // The blocks pass by a panel, not the other way round: they are half as large, and the panel stays in the cache.
  for (let panel: usize = 0; panel < outPanels; panel++) {
    const weights = dyPanels + panel * count * panelBytes;
    let row0 = matrix + panel * panelBytes;
    let columns = xBlocks;
    for (let block: usize = 0; block < inBlocks; block++) {
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

/** Copies rows into rows of another stride, cutting or zero-padding them. @param from f32[rows, fromChannels]  @param to f32[rows, toChannels] */
export function copyRows(from: usize, fromChannels: usize, to: usize, toChannels: usize, rows: usize): void {
  const fromRow = fromChannels << 2;
  const toRow = toChannels << 2;
  const copied = min(fromRow, toRow);
  for (let row: usize = 0; row < rows; row++) {
    memory.copy(to, from, copied);
    memory.fill(to + copied, 0, toRow - copied);
    from += fromRow;
    to += toRow;
  }
}
