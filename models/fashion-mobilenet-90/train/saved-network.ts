import * as tf from '@tensorflow/tfjs';
import { withFloat16Weights } from '@tfjs-sparse/packs';

/** What `tf.loadLayersModel` reads, weights as float16. */
export async function savedNetwork(network: tf.LayersModel): Promise<tf.io.ModelArtifacts> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await network.save(
    tf.io.withSaveHandler(async (saved) => {
      artifacts = withFloat16Weights(saved);
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  return artifacts!;
}

/** The network as its user gets it. */
export function loadedNetwork(artifacts: tf.io.ModelArtifacts): Promise<tf.LayersModel> {
  return tf.loadLayersModel(tf.io.fromMemory(artifacts));
}
