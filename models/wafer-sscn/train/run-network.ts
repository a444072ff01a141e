import * as tf from '@tensorflow/tfjs';
import { CoordinateMap, SparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { side, type SampleOf } from './dataset.js';

/** What a network says of one map. */
export interface Answer {
  /** Index of the most probable class. */
  readonly label: number;
  readonly latent: Float32Array;
}

const batchSize = 64;

/** Runs `network` over `maps`. */
export async function runNetwork(
  network: tf.LayersModel,
  maps: readonly Uint8Array[],
  sampleOf: SampleOf,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let start = 0; start < maps.length; start += batchSize) {
    const x = batchOf(maps.slice(start, start + batchSize), sampleOf);
    const [probabilities, latent] = predict(network, x) as tf.Tensor2D[];
    const [rows, latents] = [await probabilities.array(), await latent.array()];
    rows.forEach((row, i) =>
      answers.push({ label: row.indexOf(Math.max(...row)), latent: Float32Array.from(latents[i]) }),
    );
    tf.dispose([probabilities, latent]);
    x.dispose();
  }
  return answers;
}

function batchOf(maps: readonly Uint8Array[], sampleOf: SampleOf): SparseTensor {
  const samples = maps.map(sampleOf);
  const rows = samples.flatMap(({ coordinates }, batch) =>
    Array.from(coordinates, (value, i) => (i % 3 === 0 ? batch : value)),
  );
  const { map } = CoordinateMap.fromCoordinates(Int32Array.from(rows), 2, {
    batchSize: maps.length,
    spatialShape: [side, side],
  });
  const features = Float32Array.from(samples.flatMap((sample) => Array.from(sample.features)));
  return new SparseTensor(
    tf.tensor2d(features, [map.siteCount, map.siteCount ? features.length / map.siteCount : 0]),
    map,
  );
}
