import type { Reading } from './tasks.js';

/**
 * The features above 0 at each character, the strongest first.
 *
 * @param activations float32 `[characters, features]`
 */
export function strongestFirst(
  activations: Float32Array,
  featureCount: number,
): Pick<Reading, 'starts' | 'features' | 'values'> {
  const starts = [0];
  const found: number[] = [];
  for (let first = 0; first < activations.length; first += featureCount) {
    const row = activations.subarray(first, first + featureCount);
    const active = [...row.keys()].filter((feature) => row[feature] > 0);
    found.push(...active.sort((a, b) => row[b] - row[a]).map((feature) => first + feature));
    starts.push(found.length);
  }
  return {
    starts: Int32Array.from(starts),
    features: Int32Array.from(found, (place) => place % featureCount),
    values: Float32Array.from(found, (place) => activations[place]),
  };
}
