import * as tf from '@tensorflow/tfjs';
import { trainingBatches, type Batch } from './batches.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import type { Images } from './images.js';

export interface Recipe {
  readonly epochs: number;
  readonly batchSize: number;
  /** Peak of the learning rate: a linear rise over 5 % of the steps, then half a cosine down to 0. */
  readonly learningRate: number;
  readonly seed: number;
}

const riseShare = 0.05;

/** Trains `network`; resumes from `checkpointFolder` and saves there after every epoch. */
export async function fitNetwork(
  network: tf.LayersModel,
  images: Images,
  recipe: Recipe,
  checkpointFolder: string,
  callbacks: readonly (tf.Callback | tf.CustomCallbackArgs)[],
): Promise<void> {
  const { batchSize, epochs, seed } = recipe;
  const optimizer = tf.train.adam(recipe.learningRate);
  network.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const initialEpoch = await readCheckpoint(network, optimizer, checkpointFolder);
  const batchesPerEpoch = Math.ceil(images.classes.length / batchSize);
  let step = initialEpoch * batchesPerEpoch;
  let epoch = initialEpoch;
  const schedule: tf.CustomCallbackArgs = {
    onBatchBegin: async () => {
      Object.assign(optimizer, { learningRate: learningRateAt(step++ / (epochs * batchesPerEpoch), recipe) });
    },
    onEpochEnd: async (finished) => writeCheckpoint(network, optimizer, checkpointFolder, finished + 1),
  };
  const dataset = tf.data.generator<Batch>(() => trainingBatches(images, batchSize, seed, epoch++));
  await network.fitDataset(dataset, {
    epochs,
    initialEpoch,
    verbose: 0,
    yieldEvery: 'never',
    callbacks: [...callbacks, schedule] as tf.CustomCallbackArgs[],
  });
  optimizer.dispose();
}

function learningRateAt(progress: number, { learningRate }: Recipe): number {
  if (progress < riseShare) return (learningRate * progress) / riseShare;
  return (learningRate * (1 + Math.cos((Math.PI * (progress - riseShare)) / (1 - riseShare)))) / 2;
}
