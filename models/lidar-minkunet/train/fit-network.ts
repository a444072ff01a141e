import * as tf from '@tensorflow/tfjs';
import { seededRandom, shuffled } from '@tfjs-sparse/core';
import { fit } from '@tfjs-sparse/layers';
import { labels, type Scan } from '@tfjs-sparse/lidar-minkunet';
import { readCheckpoint, writeCheckpoint } from '@tfjs-sparse/training/checkpoint';
import type { Recipe } from './architecture.js';
import { augmented } from './augment.js';
import type { ScanStore } from './scans.js';
import { voxelBatch, weightedTargets } from './voxel-batch.js';

const riseShare = 0.05;
const checkpointSteps = 50;

/**
 * Weight of a class in the loss: its share of the simulated voxels to the power -0.35, so that people and poles count
 * more than their voxels do. Shares of the scans of seeds 1 to 40.
 */
const classShares = [0.45, 0.15, 0.07, 0.007, 0.02, 0.3];
const classWeights = labels.map((_, label) => 0.6 * classShares[label] ** -0.35);

/**
 * Trains `network`; resumes from `checkpointFolder` and saves there every 50 steps.
 *
 * @param report gets the share of the steps that are done, and the mean loss of the last ones
 */
export async function fitNetwork(
  network: tf.LayersModel,
  store: ScanStore,
  recipe: Recipe,
  checkpointFolder: string,
  report: (step: number, steps: number, loss: number) => Promise<void>,
): Promise<void> {
  const optimizer = tf.train.adam(recipe.learningRate);
  network.compile({ optimizer, loss: 'categoricalCrossentropy' });
  const stepsPerEpoch = Math.floor(recipe.scans / recipe.batchSize);
  const steps = recipe.epochs * stepsPerEpoch;
  let losses: number[] = [];
  for (let step = await readCheckpoint(network, optimizer, checkpointFolder); step < steps; step++) {
    Object.assign(optimizer, { learningRate: learningRateAt((step + 1) / steps, recipe) });
    const scans = scansOfStep(step, stepsPerEpoch, store, recipe);
    const batch = voxelBatch(scans);
    const targets = weightedTargets(batch, scans, classWeights);
    const { history } = await fit(network, batch.x, targets, { batchSize: scans.length, shuffle: false });
    losses.push(history.loss[0] as number);
    targets.dispose();
    batch.x.dispose();
    if ((step + 1) % checkpointSteps > 0 && step + 1 < steps) continue;
    await writeCheckpoint(network, optimizer, checkpointFolder, step + 1);
    await report(step + 1, steps, losses.reduce((sum, loss) => sum + loss, 0) / losses.length);
    losses = [];
  }
  optimizer.dispose();
}

/** Every epoch takes all scans, in an order and in forms that depend on the seed and the epoch alone. */
function scansOfStep(step: number, stepsPerEpoch: number, store: ScanStore, recipe: Recipe): Scan[] {
  const epoch = Math.floor(step / stepsPerEpoch);
  const seeds = Array.from({ length: recipe.scans }, (_, index) => index + 1);
  const order = shuffled(seeds, seededRandom(recipe.seed + epoch));
  const start = (step % stepsPerEpoch) * recipe.batchSize;
  return order
    .slice(start, start + recipe.batchSize)
    .map((seed) => augmented(store.get(seed), seededRandom(recipe.seed + epoch * recipe.scans + seed)));
}

function learningRateAt(progress: number, { learningRate }: Recipe): number {
  if (progress < riseShare) return (learningRate * progress) / riseShare;
  return (learningRate * (1 + Math.cos((Math.PI * (progress - riseShare)) / (1 - riseShare)))) / 2;
}
