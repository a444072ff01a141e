import type * as tf from '@tensorflow/tfjs';
import { predict } from '@tfjs-sparse/layers';
import { labels, shapeCloud, shapeSample, type ShapeCloudOptions } from '@tfjs-sparse/shapes-flatformer';
import { labelOf } from './fit-network.js';

const batchSize = 32;

/** The class that the network gives each cloud of `first` and the seeds after it. */
export async function predictLabels(
  network: tf.LayersModel,
  { first, count }: { readonly first: number; readonly count: number },
  options: ShapeCloudOptions = {},
): Promise<number[]> {
  const found: number[] = [];
  for (let start = 0; start < count; start += batchSize) {
    const members = Array.from({ length: Math.min(batchSize, count - start) }, (_, i) => start + i);
    const { x } = shapeSample(members.map((member) => shapeCloud(labels[labelOf(member)], first + member, options)));
    const probabilities = predict(network, x) as tf.Tensor2D;
    for (const row of await probabilities.array()) found.push(row.indexOf(Math.max(...row)));
    probabilities.dispose();
    x.dispose();
  }
  return found;
}
