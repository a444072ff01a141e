import { madd } from '../simd.as';

/**
 * dFilter[k] = sum over the pairs (in, out) of offset k of x[in]^T * dy[out]; pairs in tile order, so that the rows of
 * x and dy that a tile touches stay in the cache for all blocks of the matrix.
 *
 * @param x        f32[inSites, inChannels], inChannels a multiple of 4
 * @param dy       f32[outSites, outChannels], outChannels a multiple of 8
 * @param dFilter  f32[offsets, inChannels, outChannels]
 * @param left     i32[]  @param right i32[]  pair columns
 * @param tiles    i32[tileCount, offsets, 2] first pair and pair count of each tile and offset
 * @param swapped  i32[offsets] 0: left is the input column, 1: right is
 * @param identityOffset offset whose pairs are (i, i) for every site, or -1
 * @param rowPointers scratch, u32[2 * tileSites]
 */
export function mapFilterGradient(
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
  rowPointers: usize,
  inChannels: usize,
  outChannels: usize,
): void {
  const xRow = inChannels << 2;
  const dyRow = outChannels << 2;
  const matrixBytes = inChannels * dyRow;
  memory.fill(dFilter, 0, offsets * matrixBytes);
  for (let first: usize = 0; first < outSites; first += tileSites) {
    for (let offset: usize = 0; offset < offsets; offset++) {
      let count = load<i32>(tiles, 4) as usize;
      if ((offset as i32) == identityOffset) {
        count = min(tileSites, outSites - first);
        for (let i: usize = 0; i < count; i++) {
          store<u32>(rowPointers + (i << 3), (x + (first + i) * xRow) as u32);
          store<u32>(rowPointers + (i << 3), (dy + (first + i) * dyRow) as u32, 4);
        }
      } else {
        const start = (load<i32>(tiles) as usize) << 2;
        const isSwapped = load<i32>(swapped + (offset << 2)) != 0;
        const input = (isSwapped ? right : left) + start;
        const output = (isSwapped ? left : right) + start;
        for (let i: usize = 0; i < count; i++) {
          store<u32>(rowPointers + (i << 3), (x + (load<i32>(input + (i << 2)) as usize) * xRow) as u32);
          store<u32>(rowPointers + (i << 3), (dy + (load<i32>(output + (i << 2)) as usize) * dyRow) as u32, 4);
        }
      }
      tiles += 8;
      if (count > 0) addOuterProducts(rowPointers, count, dFilter + offset * matrixBytes, xRow, dyRow);
    }
  }
}

/** matrix += sum of x^T * dy over `count` pairs of rows, in blocks of 4 input x 8 output channels held in registers. */
function addOuterProducts(rowPointers: usize, count: usize, matrix: usize, xRow: usize, dyRow: usize): void {
  const end = rowPointers + (count << 3);
  for (let inByte: usize = 0; inByte < xRow; inByte += 16) {
    for (let outByte: usize = 0; outByte < dyRow; outByte += 32) {
      let block = matrix + outByte;
      const block1 = block + dyRow;
      const block2 = block1 + dyRow;
      const block3 = block2 + dyRow;
      let low0 = v128.load(block), high0 = v128.load(block, 16);
      let low1 = v128.load(block1), high1 = v128.load(block1, 16);
      let low2 = v128.load(block2), high2 = v128.load(block2, 16);
      let low3 = v128.load(block3), high3 = v128.load(block3, 16);
      for (let pair = rowPointers; pair < end; pair += 8) {
        const xBlock = (load<u32>(pair) as usize) + inByte;
        const dyBlock = (load<u32>(pair, 4) as usize) + outByte;
        const low = v128.load(dyBlock);
        const high = v128.load(dyBlock, 16);
        const t0 = v128.load32_splat(xBlock);
        low0 = madd(t0, low, low0);
        high0 = madd(t0, high, high0);
        const t1 = v128.load32_splat(xBlock, 4);
        low1 = madd(t1, low, low1);
        high1 = madd(t1, high, high1);
        const t2 = v128.load32_splat(xBlock, 8);
        low2 = madd(t2, low, low2);
        high2 = madd(t2, high, high2);
        const t3 = v128.load32_splat(xBlock, 12);
        low3 = madd(t3, low, low3);
        high3 = madd(t3, high, high3);
      }
      v128.store(block, low0);
      v128.store(block, high0, 16);
      v128.store(block1, low1);
      v128.store(block1, high1, 16);
      v128.store(block2, low2);
      v128.store(block2, high2, 16);
      v128.store(block3, low3);
      v128.store(block3, high3, 16);
    }
    matrix += dyRow << 2;
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
