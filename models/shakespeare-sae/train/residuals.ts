import * as tf from '@tensorflow/tfjs';
import { seededRandom, shuffled } from '@tfjs-sparse/core';
import { residualStream, type Shakespeare } from '@tfjs-sparse/shakespeare-topk';

const windowsAtOnce = 8;

/**
 * The residual stream at the characters of windows of a text, `[windows * context, width]`, row by row.
 *
 * @param starts of the windows
 */
export async function residualsAt(
  { pack, context, width }: Shakespeare,
  block: number,
  text: Int32Array,
  starts: readonly number[],
): Promise<Float32Array> {
  const rows = new Float32Array(starts.length * context * width);
  for (let first = 0; first < starts.length; first += windowsAtOnce) {
    const part = starts.slice(first, first + windowsAtOnce);
    const indices = Int32Array.from(part.flatMap((start) => [...text.subarray(start, start + context)]));
    const residual = tf.tidy(() => {
      return residualStream(pack.model, tf.tensor2d(indices, [part.length, context], 'int32'), block);
    });
    rows.set(await residual.data<'float32'>(), first * context * width);
    residual.dispose();
  }
  return rows;
}

/** Places of windows that depend on the seed alone. */
export function drawnStarts(count: number, context: number, text: Int32Array, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => Math.floor(random() * (text.length - context)));
}

/** Consecutive windows from the start of a text. */
export function consecutiveStarts(count: number, context: number): number[] {
  return Array.from({ length: count }, (_, window) => window * context);
}

/** The rows in an order that depends on the seed alone. */
export function inDrawnOrder(rows: Float32Array, width: number, seed: number): Float32Array {
  const order = shuffled([...Array(rows.length / width).keys()], seededRandom(seed));
  const drawn = new Float32Array(rows.length);
  order.forEach((row, place) => drawn.set(rows.subarray(row * width, (row + 1) * width), place * width));
  return drawn;
}
