import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';
import { storeTile } from './store-tile.as';

/**
 * Four output pixels of a 3 x 3 depthwise convolution with stride 1, 4 channels at a time, whose sums stay in registers. Each
 * row of the filter is behind an exit of its own: V8 would load the pixels of all rows at once and spill them.
 *
 * @param c0 first input row of each of the 6 columns that the windows have: f32[channels] and, further on, the next rows
 * @param rowBytes   from one input row to the next  @param rows rows of the windows inside the image, 1 to 3
 * @param weights    f32[channels / 4, 9, 4], from the first of these rows on  @param bias f32[channels]
 * @param activation 0 none, 1 relu, 2 relu6
 * @param to         the first output pixel, or its lane in the first channel of a tile
 * @param pixel      bytes from one output pixel to the next
 * @param tileRow    bytes from one channel of a tile to the next, or 0 for an image
 * @param count      pixels to store, 1 to 4
 */
export function fourPixels(
  c0: usize,
  c1: usize,
  c2: usize,
  c3: usize,
  c4: usize,
  c5: usize,
  rowBytes: usize,
  rows: usize,
  weights: usize,
  bias: usize,
  activation: i32,
  channelBytes: usize,
  to: usize,
  pixel: usize,
  tileRow: usize,
  count: usize,
): void {
  let w0: v128, w1: v128, w2: v128, x1: v128, x2: v128, x3: v128, x4: v128;
  for (let channel: usize = 0; channel < channelBytes; channel += 16) {
    let at = channel;
    let w = weights;
    let y0 = v128.load(bias + channel);
    let y1 = y0, y2 = y0, y3 = y0;
    w0 = v128.load(w);
    w1 = v128.load(w, 16);
    w2 = v128.load(w, 32);
    x1 = v128.load(c1 + at);
    x2 = v128.load(c2 + at);
    x3 = v128.load(c3 + at);
    x4 = v128.load(c4 + at);
    y0 = madd(v128.load(c0 + at), w0, y0);
    y1 = madd(x1, w0, y1);
    y2 = madd(x2, w0, y2);
    y3 = madd(x3, w0, y3);
    y0 = madd(x1, w1, y0);
    y1 = madd(x2, w1, y1);
    y2 = madd(x3, w1, y2);
    y3 = madd(x4, w1, y3);
    y0 = madd(x2, w2, y0);
    y1 = madd(x3, w2, y1);
    y2 = madd(x4, w2, y2);
    y3 = madd(v128.load(c5 + at), w2, y3);
    if (rows > 1) {
      at += rowBytes;
      w += 48;
      w0 = v128.load(w);
      w1 = v128.load(w, 16);
      w2 = v128.load(w, 32);
      x1 = v128.load(c1 + at);
      x2 = v128.load(c2 + at);
      x3 = v128.load(c3 + at);
      x4 = v128.load(c4 + at);
      y0 = madd(v128.load(c0 + at), w0, y0);
      y1 = madd(x1, w0, y1);
      y2 = madd(x2, w0, y2);
      y3 = madd(x3, w0, y3);
      y0 = madd(x1, w1, y0);
      y1 = madd(x2, w1, y1);
      y2 = madd(x3, w1, y2);
      y3 = madd(x4, w1, y3);
      y0 = madd(x2, w2, y0);
      y1 = madd(x3, w2, y1);
      y2 = madd(x4, w2, y2);
      y3 = madd(v128.load(c5 + at), w2, y3);
      if (rows > 2) {
        at += rowBytes;
        w += 48;
        w0 = v128.load(w);
        w1 = v128.load(w, 16);
        w2 = v128.load(w, 32);
        x1 = v128.load(c1 + at);
        x2 = v128.load(c2 + at);
        x3 = v128.load(c3 + at);
        x4 = v128.load(c4 + at);
        y0 = madd(v128.load(c0 + at), w0, y0);
        y1 = madd(x1, w0, y1);
        y2 = madd(x2, w0, y2);
        y3 = madd(x3, w0, y3);
        y0 = madd(x1, w1, y0);
        y1 = madd(x2, w1, y1);
        y2 = madd(x3, w1, y2);
        y3 = madd(x4, w1, y3);
        y0 = madd(x2, w2, y0);
        y1 = madd(x3, w2, y1);
        y2 = madd(x4, w2, y2);
        y3 = madd(v128.load(c5 + at), w2, y3);
      }
    }
    weights += 144;
    if (activation != 0) {
      const zero = f32x4.splat(0);
      y0 = f32x4.pmax(y0, zero);
      y1 = f32x4.pmax(y1, zero);
      y2 = f32x4.pmax(y2, zero);
      y3 = f32x4.pmax(y3, zero);
      if (activation == 2) {
        const six = f32x4.splat(6);
        y0 = f32x4.pmin(y0, six);
        y1 = f32x4.pmin(y1, six);
        y2 = f32x4.pmin(y2, six);
        y3 = f32x4.pmin(y3, six);
      }
    }
    if (tileRow != 0) {
      storeTile(to, tileRow, y0, y1, y2, y3, count);
      to += 4 * tileRow;
    } else {
      v128.store(to, y0);
      if (count == 4) {
        v128.store(to + pixel, y1);
        v128.store(to + 2 * pixel, y2);
        v128.store(to + 3 * pixel, y3);
      } else {
        if (count > 1) v128.store(to + pixel, y1);
        if (count > 2) v128.store(to + 2 * pixel, y2);
      }
      to += 16;
    }
  }
}
