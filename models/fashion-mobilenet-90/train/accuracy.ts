import * as tf from '@tensorflow/tfjs';
import { imageTensor } from './batches.js';
import type { Images } from './images.js';

const batchSize = 250;

/** Share of the images whose most probable class is the right one. */
export function accuracyOf(network: tf.LayersModel, { pixels, classes }: Images): number {
  let right = 0;
  for (let start = 0; start < pixels.length; start += batchSize) {
    const found = tf.tidy(() => {
      const probabilities = network.predictOnBatch(imageTensor(pixels.slice(start, start + batchSize))) as tf.Tensor2D;
      return tf.argMax(probabilities, 1).dataSync();
    });
    found.forEach((label, i) => (right += Number(label === classes[start + i])));
  }
  return right / pixels.length;
}
