import { layFourRows } from '@tfjs-sparse/core/src/assembly/lay-four-rows.as';

// How the rows of one head of a sequence, which follow each other, are laid out for products of 4 x 8 numbers.

/**
 * Rows in blocks of four, channel by channel; the last block repeats the last row.
 *
 * @param rows f32[count, channels]  @param to f32[ceil(count / 4), channels, 4]
 */
export function layRowsInFours(rows: usize, count: usize, channels: usize, to: usize): void {
  const bytes = channels << 2;
  for (let i: usize = 0; i < count; i += 4, to += channels << 4) {
    const row = rows + i * bytes;
    const last = count - 1 - i;
    layFourRows(row, row + min<usize>(1, last) * bytes, row + min<usize>(2, last) * bytes, row + min<usize>(3, last) * bytes, bytes, to, 16);
  }
}

/**
 * Rows in blocks of `width` channels, 4 or 8; channels and rows beyond the last are 0.
 *
 * @param rows f32[count, channels]  @param to f32[ceil(channels / width), height, width], height >= count
 */
export function layRowsInChannels(rows: usize, count: usize, height: usize, channels: usize, width: usize, to: usize): void {
  const blockBytes = width << 2;
  for (let channel: usize = 0; channel < channels; channel += width) {
    const bytes = min(channels - channel, width) << 2;
    let row = rows + (channel << 2);
    let at = to;
    if (bytes < blockBytes) memory.fill(to, 0, count * blockBytes);
    for (let i: usize = 0; i < count; i++, row += channels << 2, at += blockBytes) {
      if (bytes == blockBytes) {
        v128.store(at, v128.load(row));
        if (width == 8) v128.store(at, v128.load(row, 16), 16);
      } else {
        for (let byte: usize = 0; byte < bytes; byte += 4) store<f32>(at + byte, load<f32>(row + byte));
      }
    }
    memory.fill(at, 0, (height - count) * blockBytes);
    to += height * blockBytes;
  }
}

/** 0 where all numbers are finite, else NaN. */
export function excessOf(numbers: usize, count: usize): f32 {
  const end = numbers + (count << 2);
  const none = f32x4.splat(0);
  let sum = none;
  for (; numbers + 16 <= end; numbers += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(numbers), none));
  let total = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
  for (; numbers < end; numbers += 4) total += load<f32>(numbers) * 0;
  return total;
}
