import { madd } from '@tfjs-sparse/core/src/assembly/simd.as';
import { storeTile } from './store-tile.as';

/** Two output pixels with stride 2, whose windows have 5 columns; the rest as `fourPixels`. */
export function twoPixels(
  c0: usize,
  c1: usize,
  c2: usize,
  c3: usize,
  c4: usize,
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
  let w0: v128, w1: v128, w2: v128, x2: v128;
  for (let channel: usize = 0; channel < channelBytes; channel += 16) {
    let at = channel;
    let w = weights;
    let y0 = v128.load(bias + channel);
    let y1 = y0;
    w0 = v128.load(w);
    w1 = v128.load(w, 16);
    w2 = v128.load(w, 32);
    x2 = v128.load(c2 + at);
    y0 = madd(v128.load(c0 + at), w0, y0);
    y1 = madd(x2, w0, y1);
    y0 = madd(v128.load(c1 + at), w1, y0);
    y1 = madd(v128.load(c3 + at), w1, y1);
    y0 = madd(x2, w2, y0);
    y1 = madd(v128.load(c4 + at), w2, y1);
    if (rows > 1) {
      at += rowBytes;
      w += 48;
      w0 = v128.load(w);
      w1 = v128.load(w, 16);
      w2 = v128.load(w, 32);
      x2 = v128.load(c2 + at);
      y0 = madd(v128.load(c0 + at), w0, y0);
      y1 = madd(x2, w0, y1);
      y0 = madd(v128.load(c1 + at), w1, y0);
      y1 = madd(v128.load(c3 + at), w1, y1);
      y0 = madd(x2, w2, y0);
      y1 = madd(v128.load(c4 + at), w2, y1);
      if (rows > 2) {
        at += rowBytes;
        w += 48;
        w0 = v128.load(w);
        w1 = v128.load(w, 16);
        w2 = v128.load(w, 32);
        x2 = v128.load(c2 + at);
        y0 = madd(v128.load(c0 + at), w0, y0);
        y1 = madd(x2, w0, y1);
        y0 = madd(v128.load(c1 + at), w1, y0);
        y1 = madd(v128.load(c3 + at), w1, y1);
        y0 = madd(x2, w2, y0);
        y1 = madd(v128.load(c4 + at), w2, y1);
      }
    }
    weights += 144;
    if (activation != 0) {
      const zero = f32x4.splat(0);
      y0 = f32x4.pmax(y0, zero);
      y1 = f32x4.pmax(y1, zero);
      if (activation == 2) {
        const six = f32x4.splat(6);
        y0 = f32x4.pmin(y0, six);
        y1 = f32x4.pmin(y1, six);
      }
    }
    if (tileRow != 0) {
      storeTile(to, tileRow, y0, y1, y1, y1, count);
      to += 4 * tileRow;
    } else {
      v128.store(to, y0);
      if (count == 2) v128.store(to + pixel, y1);
      to += 16;
    }
  }
}
