import * as tf from '@tensorflow/tfjs';
import { fit, type CallbackLike, type SparseDataset } from '@tfjs-sparse/layers';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';

export interface Recipe {
  readonly epochs: number;
  readonly batchSize: number;
  /** Peak of the learning rate: a linear rise over the first tenth of the steps, then half a cosine down to 0. */
  readonly learningRate: number;
  /** Share of the target that is spread evenly over all classes. */
  readonly labelSmoothing: number;
  readonly seed: number;
}

const riseShare = 0.1;

/**
 * Trains the first output of `network`; resumes from `checkpointFolder` and saves there after every epoch.
 *
 * @param classes class of each cloud of `dataset`
 */
export async function fitNetwork(
  network: tf.LayersModel,
  dataset: SparseDataset,
  classes: readonly number[],
  classCount: number,
  recipe: Recipe,
  checkpointFolder: string,
  callbacks: readonly CallbackLike[],
): Promise<void> {
  const classifier = tf.model({ inputs: network.inputs, outputs: network.outputs[0] });
  const optimizer = tf.train.adam(recipe.learningRate);
  classifier.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const initialEpoch = await readCheckpoint(classifier, optimizer, checkpointFolder);
  const stepsPerEpoch = Math.ceil(dataset.length / recipe.batchSize);
  let step = initialEpoch * stepsPerEpoch;
  const schedule: tf.CustomCallbackArgs = {
    onBatchBegin: async () => {
      Object.assign(optimizer, { learningRate: learningRateAt(step++ / (recipe.epochs * stepsPerEpoch), recipe) });
    },
    onEpochEnd: async (epoch) => writeCheckpoint(classifier, optimizer, checkpointFolder, epoch + 1),
  };
  const targets = smoothedTargets(classes, classCount, recipe.labelSmoothing);
  await fit(classifier, dataset, targets, {
    batchSize: recipe.batchSize,
    epochs: recipe.epochs,
    initialEpoch,
    seed: recipe.seed,
    callbacks: [schedule, ...callbacks],
    yieldEvery: 'never',
  });
  targets.dispose();
  optimizer.dispose();
}

function learningRateAt(progress: number, { learningRate }: Recipe): number {
  if (progress < riseShare) return (learningRate * progress) / riseShare;
  return (learningRate * (1 + Math.cos((Math.PI * (progress - riseShare)) / (1 - riseShare)))) / 2;
}

function smoothedTargets(classes: readonly number[], classCount: number, smoothing: number): tf.Tensor2D {
  const rows = classes.map((label) =>
    Array.from({ length: classCount }, (_, each) => (each === label ? 1 - smoothing : 0) + smoothing / classCount),
  );
  return tf.tensor2d(rows, [classes.length, classCount]);
}
