import type * as tf from '@tensorflow/tfjs';
import { labels, occlusions, type ShapeCloudOptions } from '@tfjs-sparse/shapes-flatformer';
import { testClouds, validationClouds } from './architecture.js';
import { labelOf } from './fit-network.js';
import { predictLabels } from './run-network.js';

/** What a network gets right. */
export interface Quality {
  readonly test: number;
  readonly validation: number;
  /** Of the test clouds, `[true][predicted]` clouds. */
  readonly confusion: readonly (readonly number[])[];
  /** Accuracy on test clouds that are made under one condition, by `conditions`. */
  readonly under: readonly number[];
}

/** All else is drawn as for training. */
export const conditions: readonly { readonly name: string; readonly options: ShapeCloudOptions }[] = [
  ...occlusions.map((occlusion) => ({
    name: { none: 'nothing hidden', view: 'seen from one side', cut: 'up to 30 % cut off' }[occlusion],
    options: { occlusion },
  })),
  { name: 'no noise, no outliers', options: { noise: 0, outliers: 0 } },
  { name: 'noise of 0.05 (twice the most in training)', options: { noise: 0.05 } },
  { name: '10 % outliers (three times the most)', options: { outliers: 0.1 } },
  { name: '1024 points', options: { points: 1024 } },
  { name: '256 points (384 are the fewest in training)', options: { points: 256 } },
  { name: '128 points', options: { points: 128 } },
];

const conditionClouds = { ...testClouds, count: 800 };

export async function qualityOf(network: tf.LayersModel): Promise<Quality> {
  const found = await predictLabels(network, testClouds);
  const confusion = labels.map(() => labels.map(() => 0));
  found.forEach((label, member) => confusion[labelOf(member)][label]++);
  const under: number[] = [];
  for (const { options } of conditions) under.push(accuracy(await predictLabels(network, conditionClouds, options)));
  const validation = accuracy(await predictLabels(network, validationClouds));
  return { test: accuracy(found), validation, confusion, under };
}

export function accuracy(found: readonly number[]): number {
  return found.filter((label, member) => label === labelOf(member)).length / found.length;
}
