import * as tf from '@tensorflow/tfjs';
import { fit, type CallbackLike, type SparseDataset } from '@tfjs-sparse/layers';
import { readCheckpoint, writeCheckpoint } from '@tfjs-sparse/training/checkpoint';

export interface Recipe {
  readonly epochs: number;
  readonly batchSize: number;
  /** Peak of the learning rate: a linear rise over 15 % of the steps, then half a cosine down to 0. */
  readonly learningRate: number;
  /** Share of the target that is spread evenly over all classes. */
  readonly labelSmoothing: number;
  readonly seed: number;
}

const riseShare = 0.15;
const rarityExponent = 0.3;

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
  const targets = weightedTargets(classes, classCount, recipe.labelSmoothing);
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

/**
 * One-hot rows with label smoothing, each scaled by the weight of its class: `(mean class size / class size) ^ 0.3`, so
 * that rare classes count more in the loss, but not as much as frequent ones together.
 */
function weightedTargets(classes: readonly number[], classCount: number, smoothing: number): tf.Tensor2D {
  const counts = Array<number>(classCount).fill(0);
  for (const label of classes) counts[label]++;
  const weights = counts.map((count) => (classes.length / classCount / Math.max(count, 1)) ** rarityExponent);
  const meanWeight = classes.reduce((total, label) => total + weights[label], 0) / classes.length;
  const rows = classes.map((label) =>
    Array.from({ length: classCount }, (_, each) => {
      const target = (each === label ? 1 - smoothing : 0) + smoothing / classCount;
      return (target * weights[label]) / meanWeight;
    }),
  );
  return tf.tensor2d(rows, [classes.length, classCount]);
}
