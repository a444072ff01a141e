import * as tf from '@tensorflow/tfjs';
import { withFloat16Weights } from '@tfjs-sparse/packs';

export interface WrittenFile {
  readonly role: 'model' | 'weights' | 'golden';
  readonly path: string;
  readonly contents: Uint8Array<ArrayBuffer>;
}

/** Rounds the weights of a network to half precision, as which its pack stores them. */
export async function roundWeights(network: tf.LayersModel): Promise<void> {
  const { weightData, weightSpecs } = await halved(network);
  tf.tidy(() => network.loadWeights(tf.io.decodeWeights(tf.io.CompositeArrayBuffer.join(weightData), weightSpecs!)));
}

/** The files of `tf.loadLayersModel`: model.json and one shard of half-precision weights. */
export async function filesOf(network: tf.LayersModel): Promise<WrittenFile[]> {
  const { modelTopology, weightSpecs, weightData } = await halved(network);
  const shard = 'weights.bin';
  const model = {
    format: 'layers-model',
    generatedBy: 'tfjs-sparse',
    convertedBy: null,
    modelTopology,
    weightsManifest: [{ paths: [shard], weights: weightSpecs }],
  };
  const json = new TextEncoder().encode(`${JSON.stringify(model)}\n`) as Uint8Array<ArrayBuffer>;
  return [
    { role: 'model', path: 'model.json', contents: json },
    { role: 'weights', path: shard, contents: new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)) },
  ];
}

async function halved(network: tf.LayersModel): Promise<tf.io.ModelArtifacts> {
  let saved: tf.io.ModelArtifacts = {};
  await network.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  return withFloat16Weights(saved);
}
