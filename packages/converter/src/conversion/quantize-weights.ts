import type { io } from '@tensorflow/tfjs-core';
import { joinWeights, splitWeights, withFloat16Weights, type StoredWeight } from '@tfjs-sparse/core';

/** How weights are stored; tfjs' loaders make float32 of them. */
export type StoredPrecision = 'float16' | 'int8';

const fewestElements = 64; // below, the description takes what is saved

/** @throws RangeError for weights beyond the range of float16 */
export function withStoredPrecision(artifacts: io.ModelArtifacts, precision: StoredPrecision): io.ModelArtifacts {
  if (precision === 'float16') return withFloat16Weights(artifacts);
  const weights = splitWeights('convert', artifacts).map((weight) => (isLarge(weight) ? inBytes(weight) : weight));
  return { ...artifacts, ...joinWeights(weights) };
}

function isLarge({ spec, bytes }: StoredWeight): boolean {
  return spec.dtype === 'float32' && !spec.quantization && bytes.length >= 4 * fewestElements;
}

/** One scale for all; 0 stays 0. */
function inBytes({ spec, bytes }: StoredWeight): StoredWeight {
  const values = new Float32Array(bytes.slice().buffer);
  const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [0, 0]);
  const scale = (high - low) / 255 || 1;
  const zero = Math.round(-low / scale);
  const codes = Uint8Array.from(values, (value) => Math.min(Math.max(Math.round(value / scale) + zero, 0), 255));
  return { spec: { ...spec, quantization: { dtype: 'uint8', scale, min: -zero * scale } }, bytes: codes };
}
