import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '@tfjs-sparse/core';
import { characterIndices } from '@tfjs-sparse/shakespeare-topk';

/** Indices of characters. */
export interface Text {
  readonly training: Int32Array;
  /** By which the training was watched. */
  readonly validation: Int32Array;
  /** The last tenth, scored once all was chosen. */
  readonly test: Int32Array;
}

const trainingShare = 0.85;
const testShare = 0.1;

/** Reads `text/tinyshakespeare.txt` in `dataFolder`. */
export function readText(dataFolder: string): Text {
  const all = characterIndices(readFileSync(join(dataFolder, 'text/tinyshakespeare.txt'), 'utf8'));
  const [validationStart, testStart] = [trainingShare, 1 - testShare].map((share) => Math.floor(all.length * share));
  return {
    training: all.subarray(0, validationStart),
    validation: all.subarray(validationStart, testStart),
    test: all.subarray(testStart),
  };
}

/** One epoch of batches, `[batchSize, length + 1]` each, from places that depend on the seed and the epoch alone. */
export function* trainingBatches(
  text: Int32Array,
  { batchSize, stepsPerEpoch, seed }: { batchSize: number; stepsPerEpoch: number; seed: number },
  length: number,
  epoch: number,
): Generator<Int32Array> {
  const random = seededRandom(seed * 1000 + epoch);
  for (let step = 0; step < stepsPerEpoch; step++) {
    const batch = new Int32Array(batchSize * (length + 1));
    for (let row = 0; row < batchSize; row++) {
      const start = Math.floor(random() * (text.length - length));
      batch.set(text.subarray(start, start + length + 1), row * (length + 1));
    }
    yield batch;
  }
}
