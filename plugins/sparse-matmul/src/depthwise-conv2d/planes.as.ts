// A depthwise convolution works on slices of 16 channels that lie densely in scratch memory: with the padding that they
// need, so that no window leaves them, and with the columns of each remainder modulo the stride in a plane of their own,
// so that neighbouring outputs read neighbouring pixels for any stride. A row of a slice is [strideWidth][planeWidth][16].

/** Bytes of a pixel of a slice: 16 channels. */
export const pixelBytes: usize = 64;

/** Pixels in a row of a plane: the outputs in blocks of 4, and the further taps of the last one. */
export function planeWidth(outWidth: usize, filterWidth: usize, strideWidth: usize): usize {
  return ((outWidth + 3) & ~3) + (filterWidth - 1) / strideWidth;
}

/**
 * Copies rows of one image into a slice.
 *
 * @param image   f32[inHeight, inWidth, channels], from the slice's first channel
 * @param planes  f32[rows, strideWidth, width, 16]
 * @param firstRow input row of the first row, negative above the image
 * @param sliceChannels channels of the slice that exist, 1 to 16; the others become 0
 */
export function fillPlanes(
  image: usize,
  planes: usize,
  firstRow: isize,
  rows: usize,
  width: usize,
  channels: usize,
  sliceChannels: usize,
  inHeight: usize,
  inWidth: usize,
  strideWidth: usize,
  padLeft: usize,
): void {
  const pixel = channels << 2;
  const step = pixel * strideWidth;
  for (let row = firstRow; row < firstRow + (rows as isize); row++) {
    for (let plane: usize = 0; plane < strideWidth; plane++) {
      const end = planes + width * pixelBytes;
      if ((row as usize) >= inHeight) {
        memory.fill(planes, 0, end - planes);
        planes = end;
        continue;
      }
      // Pixel i of the plane is column i * strideWidth + plane - padLeft of the image.
      const left = plane >= padLeft ? 0 : min(width, (padLeft - plane + strideWidth - 1) / strideWidth);
      const right = plane >= inWidth + padLeft ? 0 : min(width, (inWidth + padLeft - plane + strideWidth - 1) / strideWidth);
      memory.fill(planes, 0, left * pixelBytes);
      planes += left * pixelBytes;
      let from = image + ((row as usize) * inWidth + left * strideWidth + plane - padLeft) * pixel;
      for (let i = left; i < right; i++) {
        if (sliceChannels == 16) {
          v128.store(planes, v128.load(from));
          v128.store(planes, v128.load(from, 16), 16);
          v128.store(planes, v128.load(from, 32), 32);
          v128.store(planes, v128.load(from, 48), 48);
        } else {
          memory.copy(planes, from, sliceChannels << 2);
          memory.fill(planes + (sliceChannels << 2), 0, pixelBytes - (sliceChannels << 2));
        }
        from += step;
        planes += pixelBytes;
      }
      memory.fill(planes, 0, end - planes);
      planes = end;
    }
  }
}

// Taps of a filter row that read neighbouring pixels of one plane go in steps of three, what is left over in one step of
// two or one. All steps of three come first, then those of two, then those of one.

/** Taps of a step of three, two or one in a plane with `taps` taps per filter row. */
// @ts-ignore: decorator of AssemblyScript
@inline
function stepsOf(taps: usize, size: usize): usize {
  return size == 3 ? taps / 3 : taps % 3 == size ? 1 : 0;
}

/** Taps per filter row in a plane. */
// @ts-ignore: decorator of AssemblyScript
@inline
function tapsOf(plane: usize, filterWidth: usize, strideWidth: usize): usize {
  return plane < filterWidth ? (filterWidth - plane + strideWidth - 1) / strideWidth : 0;
}

/**
 * Writes where each step of the given size begins: bytes from a window's first pixel in the slice.
 *
 * @param steps i32[]  @returns the end of what was written
 */
export function writeSteps(
  steps: usize,
  size: usize,
  filterHeight: usize,
  filterWidth: usize,
  strideWidth: usize,
  width: usize,
): usize {
  for (let filterRow: usize = 0; filterRow < filterHeight; filterRow++) {
    for (let plane: usize = 0; plane < strideWidth; plane++) {
      const taps = tapsOf(plane, filterWidth, strideWidth);
      const count = stepsOf(taps, size);
      const first = size == 3 ? 0 : taps - size;
      for (let i: usize = 0; i < count; i++) {
        store<i32>(steps, (((filterRow * strideWidth + plane) * width + first + 3 * i) * pixelBytes) as i32);
        steps += 4;
      }
    }
  }
  return steps;
}

/**
 * Packs a filter slice by slice, the taps in the order of the steps, zero-padding the last slice.
 *
 * @param filter f32[filterHeight, filterWidth, channels]  @param packed f32[slices, filterHeight * filterWidth, 16]
 */
export function packDepthwiseFilter(
  filter: usize,
  packed: usize,
  channels: usize,
  filterHeight: usize,
  filterWidth: usize,
  strideWidth: usize,
): void {
  for (let slice: usize = 0; slice < channels; slice += 16) {
    for (let size: usize = 3; size > 0; size--) {
      for (let filterRow: usize = 0; filterRow < filterHeight; filterRow++) {
        for (let plane: usize = 0; plane < strideWidth; plane++) {
          const taps = tapsOf(plane, filterWidth, strideWidth);
          const first = size == 3 ? 0 : taps - size;
          for (let tap = first; tap < first + stepsOf(taps, size) * size; tap++) {
            const place = filterRow * filterWidth + tap * strideWidth + plane;
            for (let channel = slice; channel < slice + 16; channel++, packed += 4) {
              const value: f32 = channel < channels ? load<f32>(filter + ((place * channels + channel) << 2)) : 0;
              store<f32>(packed, value);
            }
          }
        }
      }
    }
  }
}

/** Zeroes bytes. */
export function clear(pointer: usize, byteCount: usize): void {
  memory.fill(pointer, 0, byteCount);
}
