import * as tf from '@tensorflow/tfjs';
import { Sparsifier, type SparsityMethod } from '@tfjs-sparse/training';
import { readCheckpoint, writeCheckpoint } from '@tfjs-sparse/training/checkpoint';
import { taughtBatches, trainingBatches, type Batch } from './batches.js';
import type { Images } from './images.js';
import { foldedNetwork } from './network.js';

export interface Recipe {
  readonly epochs: number;
  readonly batchSize: number;
  /** Peak of the learning rate: a linear rise over 5 % of the steps, then half a cosine down to 0. */
  readonly learningRate: number;
  readonly seed: number;
}

const riseShare = 0.05;

/** What makes a network sparse while it trains. */
export interface Pruning {
  /** @param stepsPerEpoch optimizer steps of an epoch */
  readonly method: (stepsPerEpoch: number) => SparsityMethod;
  /** A trained network, from which `network` starts and whose answers it also learns. */
  readonly dense: tf.LayersModel;
}

/** The layers whose weights are pruned. */
export function isPointwise({ name }: tf.layers.Layer): boolean {
  return /^pointwise\d+$/.test(name);
}

/**
 * Trains `network`; resumes from `checkpointFolder` and saves there after every epoch. With `pruning` the weights that
 * are pruned are 0 at the end.
 */
export async function fitNetwork(
  network: tf.LayersModel,
  images: Images,
  recipe: Recipe,
  checkpointFolder: string,
  callbacks: readonly tf.CustomCallbackArgs[],
  pruning?: Pruning,
): Promise<void> {
  const { batchSize, epochs, seed } = recipe;
  const optimizer = tf.train.adam(recipe.learningRate);
  network.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  if (pruning) network.setWeights(pruning.dense.getWeights());
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
  const sparsifier =
    pruning && new Sparsifier(network, pruning.method(batchesPerEpoch), { include: isPointwise, initialStep: step });
  await sparsifier?.begin();
  const teacher = pruning && foldedNetwork(pruning.dense);
  const dataset = tf.data.generator<Batch>(() => {
    const batches = trainingBatches(images, batchSize, seed, epoch++);
    return teacher ? taughtBatches(batches, teacher) : batches;
  });
  await network.fitDataset(dataset, {
    epochs,
    initialEpoch,
    verbose: 0,
    yieldEvery: 'never',
    callbacks: [...(sparsifier ? [sparsifier.callback()] : []), ...callbacks, schedule],
  });
  sparsifier?.weights.forEach((weight) => weight.applyMask());
  sparsifier?.dispose();
  teacher?.dispose();
  optimizer.dispose();
}

function learningRateAt(progress: number, { learningRate }: Recipe): number {
  if (progress < riseShare) return (learningRate * progress) / riseShare;
  return (learningRate * (1 + Math.cos((Math.PI * (progress - riseShare)) / (1 - riseShare)))) / 2;
}
