import { layFourRows } from '@tfjs-sparse/core/src/assembly/lay-four-rows.as';

// How rows of one head are laid out for products of 4 x 8 numbers (addRowBlock). A list says which rows.

// @ts-ignore: decorator of AssemblyScript
@inline
function rowAt(rows: usize, rowBytes: usize, list: usize, i: usize): usize {
  return rows + (load<u32>(list + (i << 2)) as usize) * rowBytes;
}

/**
 * Rows in blocks of four, channel by channel; the last block repeats the last row.
 *
 * @param rows f32, the head's first channel of row 0  @param list u32[count], count > 0
 * @param to   f32[ceil(count / 4), channels, 4]
 */
export function layOutFours(rows: usize, rowBytes: usize, list: usize, count: usize, channels: usize, to: usize): void {
  const last = count - 1;
  for (let i: usize = 0; i < count; i += 4, to += channels << 4) {
    const row0 = rowAt(rows, rowBytes, list, i);
    const row1 = rowAt(rows, rowBytes, list, min(i + 1, last));
    const row2 = rowAt(rows, rowBytes, list, min(i + 2, last));
    const row3 = rowAt(rows, rowBytes, list, min(i + 3, last));
    layFourRows(row0, row1, row2, row3, channels << 2, to, 16);
  }
}

/**
 * Up to eight rows, channel by channel; beyond the last one it is repeated.
 *
 * @param list u32[count], 0 < count <= 8  @param to f32[channels, 8]
 */
export function layOutPanel(rows: usize, rowBytes: usize, list: usize, count: usize, channels: usize, to: usize): void {
  const last = count - 1;
  for (let i: usize = 0; i < 8; i += 4) {
    const row0 = rowAt(rows, rowBytes, list, min(i, last));
    const row1 = rowAt(rows, rowBytes, list, min(i + 1, last));
    const row2 = rowAt(rows, rowBytes, list, min(i + 2, last));
    const row3 = rowAt(rows, rowBytes, list, min(i + 3, last));
    layFourRows(row0, row1, row2, row3, channels << 2, to + (i << 2), 32);
  }
}

/**
 * Rows in blocks of `width` channels, 4 or 8; channels beyond the last are 0.
 *
 * @param list u32[count]  @param to f32[ceil(channels / width), count, width]
 */
// @ts-ignore: decorator of AssemblyScript
@inline
export function layOutChannels(
  rows: usize,
  rowBytes: usize,
  list: usize,
  count: usize,
  channels: usize,
  width: usize,
  to: usize,
): void {
  const bytes = channels << 2;
  const blockBytes = width << 2;
  const nextBlock = count * blockBytes;
  for (let i: usize = 0; i < count; i++, to += blockBytes) {
    const row = rowAt(rows, rowBytes, list, i);
    let at = to;
    let byte: usize = 0;
    for (; byte + blockBytes <= bytes; byte += blockBytes, at += nextBlock) {
      v128.store(at, v128.load(row + byte));
      if (width == 8) v128.store(at, v128.load(row + byte, 16), 16);
    }
    if (byte < bytes) {
      memory.fill(at, 0, blockBytes);
      for (; byte < bytes; byte += 4, at += 4) store<f32>(at, load<f32>(row + byte));
    }
  }
}

/** Multiplies the numbers of a panel, `f32[channels, 8]`. */
export function scalePanel(panel: usize, channels: usize, factor: f32): void {
  const factors = f32x4.splat(factor);
  for (const end = panel + (channels << 5); panel < end; panel += 16) {
    v128.store(panel, f32x4.mul(v128.load(panel), factors));
  }
}
