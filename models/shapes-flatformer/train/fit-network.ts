import * as tf from '@tensorflow/tfjs';
import { fit } from '@tfjs-sparse/layers';
import { labels, shapeCloud, shapeSample } from '@tfjs-sparse/shapes-flatformer';
import { readCheckpoint, writeCheckpoint } from '@tfjs-sparse/training/checkpoint';
import type { Recipe } from './architecture.js';

const riseShare = 0.05;
const checkpointSteps = 100;

/**
 * Trains `network` on clouds of which each is seen once; resumes from `checkpointFolder` and saves there every 100 steps.
 *
 * @param report gets the steps that are done, and the mean loss of the last ones
 */
export async function fitNetwork(
  network: tf.LayersModel,
  recipe: Recipe,
  checkpointFolder: string,
  report: (step: number, loss: number) => Promise<void>,
): Promise<void> {
  const optimizer = tf.train.adam(recipe.learningRate);
  network.compile({ optimizer, loss: 'categoricalCrossentropy' });
  let losses: number[] = [];
  for (let step = await readCheckpoint(network, optimizer, checkpointFolder); step < recipe.steps; step++) {
    Object.assign(optimizer, { learningRate: learningRateAt((step + 1) / recipe.steps, recipe) });
    const members = Array.from({ length: recipe.batchSize }, (_, i) => step * recipe.batchSize + i);
    const { x } = shapeSample(
      members.map((member) => shapeCloud(labels[labelOf(member)], recipe.seed * 100_000_000 + member)),
    );
    const targets = smoothTargets(members.map(labelOf), recipe.labelSmoothing);
    const { history } = await fit(network, x, targets, { batchSize: members.length, shuffle: false });
    losses.push(history.loss[0] as number);
    tf.dispose(targets);
    x.dispose();
    if ((step + 1) % checkpointSteps > 0 && step + 1 < recipe.steps) continue;
    await writeCheckpoint(network, optimizer, checkpointFolder, step + 1);
    await report(step + 1, losses.reduce((sum, loss) => sum + loss, 0) / losses.length);
    losses = [];
  }
  optimizer.dispose();
}

/** All classes in turn. */
export function labelOf(member: number): number {
  return member % labels.length;
}

function smoothTargets(classes: readonly number[], smoothing: number): tf.Tensor2D {
  const rows = classes.map((label) =>
    labels.map((_, each) => (each === label ? 1 - smoothing : 0) + smoothing / labels.length),
  );
  return tf.tensor2d(rows, [classes.length, labels.length]);
}

function learningRateAt(progress: number, { learningRate }: Recipe): number {
  if (progress < riseShare) return (learningRate * progress) / riseShare;
  return (learningRate * (1 + Math.cos((Math.PI * (progress - riseShare)) / (1 - riseShare)))) / 2;
}
