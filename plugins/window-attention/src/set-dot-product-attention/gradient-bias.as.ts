import { padded } from '../attention/padded.as';
import { biasRow, placeOf } from './relative-bias.as';

// The gradient of the bias by relative position, of one set and head at a time.

let sums: usize = 0; // f64[rows of the bias]

/** @returns where the scratch ends that begins at `start` */
export function divideBiasGradient(start: usize, rows: usize): usize {
  sums = padded(start, 64);
  return sums + (rows << 3);
}

export function clearBiasGradient(rows: usize): void {
  memory.fill(sums, 0, rows << 3);
}

/**
 * @param coordinates i32[sites, axes]  @param queries u32[queryCount], at most 8  @param keys u32[keyCount]
 * @param scores f32[keyCount, 8]: gradients
 */
export function addBiasGradient(
  coordinates: usize,
  axes: usize,
  bound: i32,
  queries: usize,
  queryCount: usize,
  keys: usize,
  keyCount: usize,
  scores: usize,
): void {
  for (let key: usize = 0; key < keyCount; key++) {
    const ofKey = placeOf(coordinates, axes, keys + (key << 2));
    for (let query: usize = 0; query < queryCount; query++) {
      const ofQuery = placeOf(coordinates, axes, queries + (query << 2));
      const gradient = load<f32>(scores + (key << 5) + (query << 2)) as f64;
      for (let axis: usize = 0; axis < axes; axis++) {
        const sum = sums + (biasRow(ofQuery, ofKey, axis, bound) << 3);
        store<f64>(sum, load<f64>(sum) + gradient);
      }
    }
  }
}

/** @param dbias f32[rows, heads], from the head on */
export function writeBiasGradient(dbias: usize, rows: usize, heads: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    store<f32>(dbias + ((row * heads) << 2), load<f64>(sums + (row << 3)) as f32);
  }
}
