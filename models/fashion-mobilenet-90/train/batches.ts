import * as tf from '@tensorflow/tfjs';
import { imageSide, imageValues, labels } from '@tfjs-sparse/fashion-mobilenet-90';
import { seededRandom, shuffled } from '@tfjs-sparse/core';
import { teacherShare } from './architecture.js';
import type { Images } from './images.js';

const mostShift = 2; // pixels, in each direction

/** Images `[batch, 28, 28, 1]` and one-hot classes `[batch, 10]`. */
export type Batch = { xs: tf.Tensor4D; ys: tf.Tensor2D };

/**
 * One epoch in batches, in an order of its own, every image flipped by chance and shifted by up to 2 pixels; all of that
 * depends on the seed and the epoch alone.
 */
export function* trainingBatches(
  { pixels, classes }: Images,
  batchSize: number,
  seed: number,
  epoch: number,
): Generator<Batch> {
  const random = seededRandom(seed * 1000 + epoch);
  const order = shuffled([...classes.keys()], random);
  for (let start = 0; start < order.length; start += batchSize) {
    const members = order.slice(start, start + batchSize);
    const images = members.map((member) => {
      const [x, y] = [random(), random()].map((value) => Math.floor(value * (2 * mostShift + 1)) - mostShift);
      return moved(pixels[member], random() < 0.5, x, y);
    });
    yield { xs: imageTensor(images), ys: classTensor(members.map((member) => classes[member])) };
  }
}

/** The same batches, with a share of the teacher's probabilities in the classes (Hinton et al. 2015, at temperature 1). */
export function* taughtBatches(batches: Iterable<Batch>, teacher: tf.LayersModel): Generator<Batch> {
  for (const { xs, ys } of batches) {
    const mixed = tf.tidy(() => {
      const answers = teacher.predictOnBatch(xs) as tf.Tensor2D;
      return tf.add(tf.mul(answers, teacherShare), tf.mul(ys, 1 - teacherShare)) as tf.Tensor2D;
    });
    ys.dispose();
    yield { xs, ys: mixed };
  }
}

export function imageTensor(pixels: readonly Uint8Array[]): tf.Tensor4D {
  const size = imageSide * imageSide;
  const values = new Float32Array(pixels.length * size);
  pixels.forEach((image, i) => values.set(imageValues(image), i * size));
  return tf.tensor4d(values, [pixels.length, imageSide, imageSide, 1]);
}

export function classTensor(classes: readonly number[]): tf.Tensor2D {
  const values = new Float32Array(classes.length * labels.length);
  classes.forEach((label, i) => (values[i * labels.length + label] = 1));
  return tf.tensor2d(values, [classes.length, labels.length]);
}

function moved(pixels: Uint8Array, isFlipped: boolean, right: number, down: number): Uint8Array {
  const image = new Uint8Array(pixels.length);
  for (let row = Math.max(0, -down); row < Math.min(imageSide, imageSide - down); row++) {
    for (let column = Math.max(0, -right); column < Math.min(imageSide, imageSide - right); column++) {
      const from = isFlipped ? imageSide - 1 - column : column;
      image[(row + down) * imageSide + column + right] = pixels[row * imageSide + from];
    }
  }
  return image;
}
