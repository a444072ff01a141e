import { float16Weight, type StoredWeight } from '@tfjs-sparse/core';

/**
 * How weights are stored. tfjs' loaders make float32 of float16 and int8. With int4 dense products run on codes of 4 bits, by
 * `quantizationRules` of a plugin, and other weights are float16.
 */
export type StoredPrecision = (typeof precisions)[number];
export const precisions = ['float16', 'int8', 'int4'] as const;

const fewestBytes = 256; // below, the description takes what is saved

/** @throws RangeError for weights beyond the range of float16 */
export function storedAs(precision: StoredPrecision, weight: StoredWeight): StoredWeight {
  const { spec, bytes } = weight;
  if (spec.dtype !== 'float32' || spec.quantization) return weight;
  if (precision !== 'int8') return float16Weight('convert', weight);
  return bytes.length < fewestBytes ? weight : inBytes(weight);
}

/** One scale for all; 0 stays 0. */
function inBytes({ spec, bytes }: StoredWeight): StoredWeight {
  const values = new Float32Array(bytes.slice().buffer);
  let [low, high] = [0, 0];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const scale = (high - low) / 255 || 1;
  const zero = Math.round(-low / scale);
  const codes = Uint8Array.from(values, (value) => Math.min(Math.max(Math.round(value / scale) + zero, 0), 255));
  return { spec: { ...spec, quantization: { dtype: 'uint8', scale, min: -zero * scale } }, bytes: codes };
}
