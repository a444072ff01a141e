import type * as tf from '@tensorflow/tfjs';
import type { SafetensorsTensor } from '@tfjs-sparse/core';
import { labels, shapeChannels, shapeCloud, shapeSample } from '@tfjs-sparse/shapes-flatformer';
import type { PackGolden } from '@tfjs-sparse/packs/write-pack';
import { plainAnswer } from './plain-network.js';

/** Some hundred sites, a few, one. */
const clouds = {
  knot: shapeCloud('trefoil knot', 2_000_000_001, { points: 300 }),
  jack: shapeCloud('jack', 2_000_000_002, { points: 40 }),
  point: Float32Array.of(1, 2, 3),
};

/** Inputs and the answers of `plainAnswer`. */
export function golden(network: tf.LayersModel): PackGolden {
  const tensors = new Map<string, SafetensorsTensor>();
  for (const [name, cloud] of Object.entries(clouds)) {
    const { x } = shapeSample([cloud]);
    const features = x.features.dataSync<'float32'>();
    const { coordinates, siteCount } = x.map;
    const probabilities = Float32Array.from(plainAnswer(network, coordinates, features));
    tensors.set(`${name}/in_coords`, { dtype: 'I32', shape: [siteCount, 4], values: coordinates });
    tensors.set(`${name}/in_features`, { dtype: 'F32', shape: [siteCount, shapeChannels], values: features });
    tensors.set(`${name}/probabilities`, { dtype: 'F32', shape: [1, labels.length], values: probabilities });
    x.dispose();
  }
  return { tensors, source: 'look-ups by site and sums in float64, with none of the kernels of this project' };
}
