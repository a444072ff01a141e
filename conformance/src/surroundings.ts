import * as tf from '@tensorflow/tfjs-core';

/** Tensors around a run: what is written beside an output, or read before it was written, shows. */
export interface Surroundings {
  /** Frees the sentinels; what happened to them, or null. */
  release(): Promise<string | null>;
}

const sentinelValue = 7.25;
const blocksPerSize = 4; // inputs of the size of the output take some

/**
 * For every size: blocks of NaN, each between two sentinels. The blocks are freed, so that the run gets their memory
 * (wasm heap) or buffers (webgpu pool): what an op does not write stays NaN, what it writes beside hits a sentinel.
 *
 * @param elementCounts sizes of the float32 tensors that the run will make
 */
export function surround(elementCounts: Iterable<number>): Surroundings {
  const sentinels: tf.Tensor[] = [];
  const blocks: tf.Tensor[] = [];
  for (const elementCount of new Set(elementCounts)) {
    if (elementCount === 0) continue;
    sentinels.push(tf.fill([elementCount], sentinelValue));
    for (let block = 0; block < blocksPerSize; block++) {
      blocks.push(tf.fill([elementCount], NaN));
      sentinels.push(tf.fill([elementCount], sentinelValue));
    }
  }
  const flush = tf.fill([1], 0);
  const flushed = flush.data(); // webgpu frees a buffer when the work on it was submitted, which reading does
  tf.dispose(blocks);
  return {
    async release() {
      let problem: string | null = null;
      const [, ...read] = await Promise.all([flushed, ...sentinels.map((sentinel) => sentinel.data())]);
      for (const values of read) {
        const hit = values.findIndex((value) => value !== sentinelValue);
        if (hit >= 0)
          problem ??= `a tensor of ${values.length} values beside the output was overwritten at ${hit}: ${values[hit]}`;
      }
      tf.dispose([flush, ...sentinels]);
      return problem;
    },
  };
}
