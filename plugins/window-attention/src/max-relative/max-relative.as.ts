/**
 * The greatest difference of each number to those at multiples of a step before it, in its column and in its row.
 *
 * @param first @param end pixels of all images  @param thread unused  @param x f32[images, height, width, channels]
 * @param y like x  @param nearest i32 like x: the pixel of its image, or -1
 */
export function maxRelative(
  first: usize,
  end: usize,
  thread: usize,
  x: usize,
  y: usize,
  nearest: usize,
  height: usize,
  width: usize,
  channels: usize,
  step: usize,
): void {
  const pixels = height * width;
  const pixelBytes = channels << 2;
  for (let at = first; at < end; at++) {
    const pixel = at % pixels;
    const row = pixel / width, column = pixel % width;
    const image = x + (at - pixel) * pixelBytes;
    const to = at * pixelBytes;
    memory.fill(y + to, 0, pixelBytes);
    memory.fill(nearest + to, 0xff, pixelBytes); // -1
    for (let i = step; i < height; i += step) {
      takeGreater(image, pixel, ((row + height - i) % height) * width + column, y + to, nearest + to, pixelBytes);
    }
    for (let i = step; i < width; i += step) {
      takeGreater(image, pixel, row * width + ((column + width - i) % width), y + to, nearest + to, pixelBytes);
    }
  }
}

/** @param y f32[channels], the greatest so far  @param nearest i32[channels] */
function takeGreater(image: usize, pixel: usize, other: usize, y: usize, nearest: usize, pixelBytes: usize): void {
  const x = image + pixel * pixelBytes, neighbour = image + other * pixelBytes;
  const places = i32x4.splat(other as i32);
  const vectorBytes = pixelBytes & ~15;
  let byte: usize = 0;
  for (; byte < vectorBytes; byte += 16) {
    const difference = f32x4.sub(v128.load(x + byte), v128.load(neighbour + byte));
    const greatest = v128.load(y + byte);
    const isGreater = f32x4.gt(difference, greatest);
    v128.store(y + byte, v128.bitselect(difference, greatest, isGreater));
    v128.store(nearest + byte, v128.bitselect(places, v128.load(nearest + byte), isGreater));
  }
  for (; byte < pixelBytes; byte += 4) {
    const difference = load<f32>(x + byte) - load<f32>(neighbour + byte);
    if (difference > load<f32>(y + byte)) {
      store<f32>(y + byte, difference);
      store<i32>(nearest + byte, other as i32);
    }
  }
}

/**
 * @param first @param end images  @param thread unused  @param dy f32[images, pixels, channels]
 * @param nearest i32 like dy  @param dx like dy
 */
export function maxRelativeGradient(
  first: usize,
  end: usize,
  thread: usize,
  dy: usize,
  nearest: usize,
  dx: usize,
  pixels: usize,
  channels: usize,
): void {
  const imageBytes = (pixels * channels) << 2;
  for (let image = first * imageBytes; image < end * imageBytes; image += imageBytes) {
    memory.fill(dx + image, 0, imageBytes);
    for (let pixel: usize = 0; pixel < pixels; pixel++) {
      for (let channel: usize = 0; channel < channels; channel++) {
        const at = image + ((pixel * channels + channel) << 2);
        const other = load<i32>(nearest + at);
        if (other < 0) continue;
        const value = load<f32>(dy + at);
        const from = dx + image + ((((other as usize) * channels) + channel) << 2);
        store<f32>(dx + at, load<f32>(dx + at) + value);
        store<f32>(from, load<f32>(from) - value);
      }
    }
  }
}
