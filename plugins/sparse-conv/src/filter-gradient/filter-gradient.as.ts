import { longestProductSum, moveToTotals, roundTotals } from '@tfjs-sparse/core/src/assembly/long-sums.as';
import { addProducts, layOutRows } from '@tfjs-sparse/core/src/assembly/outer-product.as';
import { panelBytes } from '@tfjs-sparse/core/src/assembly/row-block.as';

export { copyRows } from '@tfjs-sparse/core/src/assembly/copy-rows.as';

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
 * @param counts   u32[offsets] scratch  @param totals f64[offsets, inBlocks * 4, outPanels * 8] scratch
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
  counts: usize,
  totals: usize,
): void {
  const inBlocks = (inChannels + 3) >> 2;
  const outPanels = (outChannels + 7) >> 3;
  const matrixBytes = inBlocks * outPanels * 4 * panelBytes;
  xBlocks += thread * chunkPairs * inBlocks * 16;
  dyPanels += thread * chunkPairs * outPanels * panelBytes;
  const matrixSize = matrixBytes >> 2;
  memory.fill(dFilter + firstOffset * matrixBytes, 0, (endOffset - firstOffset) * matrixBytes);
  memory.fill(totals + firstOffset * (matrixBytes << 1), 0, (endOffset - firstOffset) * (matrixBytes << 1));
  memory.fill(counts + (firstOffset << 2), 0, (endOffset - firstOffset) << 2);
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
        const added = load<u32>(counts + (offset << 2)) as usize;
        const isLong = added + count > longestProductSum;
        if (isLong) moveToTotals(dFilter + offset * matrixBytes, totals + offset * (matrixBytes << 1), matrixSize);
        store<u32>(counts + (offset << 2), (isLong ? count : added + count) as u32);
        layOutRows(x, inputs, start, count, inChannels, 4, xBlocks);
        layOutRows(dy, outputs, start, count, outChannels, 8, dyPanels);
        addProducts(xBlocks, dyPanels, count, dFilter + offset * matrixBytes, inBlocks, outPanels);
        start += count;
      }
    }
    tiles += offsets << 3;
  }
  for (let offset = firstOffset; offset < endOffset; offset++) {
    const matrix = dFilter + offset * matrixBytes;
    const total = totals + offset * (matrixBytes << 1);
    moveToTotals(matrix, total, matrixSize);
    roundTotals(total, 1, matrix, matrixSize);
  }
}
