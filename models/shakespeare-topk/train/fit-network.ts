import * as tf from '@tensorflow/tfjs';
import { readCheckpoint, writeCheckpoint } from '@tfjs-sparse/training/checkpoint';
import type { Recipe } from './architecture.js';
import { lossOf } from './loss.js';
import { trainingBatches } from './text.js';

const decay = 0.9;
const squareDecay = 0.99;

/** The number of the epoch, from 1, and the mean loss of its steps in nats. */
export type EpochEnd = (epoch: number, loss: number) => Promise<void>;

/** Trains `network`; resumes from `checkpointFolder` and saves there after every epoch. */
export async function fitNetwork(
  network: tf.LayersModel,
  text: Int32Array,
  context: number,
  recipe: Recipe,
  checkpointFolder: string,
  onEpochEnd: EpochEnd,
): Promise<void> {
  const { steps, batchSize, stepsPerEpoch } = recipe;
  const optimizer = tf.train.adam(recipe.learningRate, decay, squareDecay);
  const variables = network.trainableWeights.map((weight) => weight.read() as tf.Variable);
  let epoch = await readCheckpoint(network, optimizer, checkpointFolder);
  for (; epoch < steps / stepsPerEpoch; epoch++) {
    let [step, total] = [epoch * stepsPerEpoch, 0];
    for (const batch of trainingBatches(text, recipe, context, epoch)) {
      Object.assign(optimizer, { learningRate: learningRateAt(step++, recipe) });
      const loss = optimizer.minimize(() => lossOf(network, batch, batchSize, true), true, variables)!;
      total += (await loss.data())[0];
      loss.dispose();
    }
    await writeCheckpoint(network, optimizer, checkpointFolder, epoch + 1);
    await onEpochEnd(epoch + 1, total / stepsPerEpoch);
  }
  optimizer.dispose();
}

/** A linear rise, the peak, and linear falls to 0, from the peak each time (warm restarts, Loshchilov & Hutter 2017). */
function learningRateAt(step: number, { riseSteps, falls, learningRate }: Recipe): number {
  const [start, end] = falls.find((fall) => step < fall[1])!;
  return learningRate * Math.min((step + 1) / riseSteps, 1, (end - step) / (end - start));
}
