import { io } from '@tensorflow/tfjs-core';

/** A file of a saved model. */
export interface ModelFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const shardBytes = 4 * 2 ** 20; // as tfjs' own converter has it, which browsers cache

/** Gives model.json and its weights, as `tf.loadGraphModel` and `tf.loadLayersModel` fetch them, one shard at a time. */
export function* modelFiles(artifacts: io.ModelArtifacts): Generator<ModelFile, void, undefined> {
  const { weightData = [], weightSpecs = [], ...rest } = artifacts;
  const buffers = [weightData].flat().filter(({ byteLength }) => byteLength > 0);
  const total = buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const count = Math.max(1, Math.ceil(total / shardBytes));
  const paths = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
  const json = { ...rest, generatedBy: 'tfjs-sparse', weightsManifest: [{ paths, weights: weightSpecs }] };
  yield { name: 'model.json', bytes: new TextEncoder().encode(`${JSON.stringify(json)}\n`) };
  const all = new io.CompositeArrayBuffer(buffers);
  for (const [i, name] of paths.entries()) {
    yield { name, bytes: new Uint8Array(all.slice(i * shardBytes, (i + 1) * shardBytes)) };
  }
}
