import * as tf from '@tensorflow/tfjs';
import { fromFloat16, toFloat16 } from './float16.js';

export interface WrittenFile {
  readonly role: 'model' | 'weights' | 'golden';
  readonly path: string;
  readonly contents: Uint8Array<ArrayBuffer>;
}

/** Rounds the weights of a network to half precision, as which its pack stores them. */
export function roundWeights(network: tf.LayersModel): void {
  tf.tidy(() => {
    const weights = network.getWeights();
    network.setWeights(
      weights.map((weight) => tf.tensor(fromFloat16(toFloat16(weight.dataSync() as Float32Array)), weight.shape)),
    );
  });
}

/** The files of `tf.loadLayersModel`: model.json and one shard of half-precision weights. */
export async function filesOf(network: tf.LayersModel): Promise<WrittenFile[]> {
  let files: WrittenFile[] = [];
  const shard = 'weights.bin';
  await network.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const weights = weightSpecs!.map((spec) => ({ ...spec, quantization: { dtype: 'float16' as const } }));
      const weightsManifest = [{ paths: [shard], weights }];
      const model = {
        format: 'layers-model',
        generatedBy: 'tfjs-sparse',
        convertedBy: null,
        modelTopology,
        weightsManifest,
      };
      const halves = toFloat16(new Float32Array(tf.io.CompositeArrayBuffer.join(weightData)));
      files = [
        { role: 'model', path: 'model.json', contents: utf8(`${JSON.stringify(model)}\n`) },
        { role: 'weights', path: shard, contents: new Uint8Array(halves.buffer as ArrayBuffer) },
      ];
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  return files;
}

export function utf8(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(value) as Uint8Array<ArrayBuffer>;
}
