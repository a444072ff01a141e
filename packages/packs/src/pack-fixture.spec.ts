// Not a spec itself: the small pack that the specs of this folder load.
import { io } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { describeFile } from './file-description.js';

export interface PackFixture {
  manifest: Record<string, unknown> & { files: { path: string; bytes: number; sha256: string; role: string }[] };
  /** All files but manifest.json. */
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
}

/** A dense layer with 2 inputs and 1 output, kernel [[2], [3]], bias [1]. */
export async function makeFixture(): Promise<PackFixture> {
  const model = sequential({ layers: [layers.dense({ inputShape: [2], units: 1, name: 'sum' })] });
  let artifacts: io.ModelArtifacts | undefined;
  await model.save(
    io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(saved) };
    }),
  );
  model.dispose();
  const { modelTopology, weightSpecs } = artifacts!;
  const weights = Float32Array.of(2, 3, 1);
  const json = { modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] };
  const files = new Map([
    ['model.json', new TextEncoder().encode(JSON.stringify(json))],
    ['weights.bin', new Uint8Array(weights.buffer)],
  ]);
  const fixture: PackFixture = { manifest: { ...description, files: [] }, files };
  await describeFiles(fixture);
  return fixture;
}

/** Makes the manifest fit the files. */
export async function describeFiles({ manifest, files }: PackFixture): Promise<void> {
  manifest.files = await Promise.all(
    [...files].map(async ([path, contents]) => ({
      ...(await describeFile(path, contents)),
      role: path === 'model.json' ? 'model' : 'weights',
    })),
  );
}

/** A server of the pack at https://packs.example/sum/. */
export function serve({ manifest, files }: PackFixture): typeof fetch {
  return async (input) => {
    const path = String(input).replace('https://packs.example/sum/', '');
    const contents = path === 'manifest.json' ? new TextEncoder().encode(JSON.stringify(manifest)) : files.get(path);
    return contents ? new Response(contents) : new Response('not here', { status: 404 });
  };
}

const description = {
  formatVersion: 1,
  name: 'sum',
  version: '1.0.0',
  task: 'weighted sum',
  description: 'Two numbers, weighted and summed.',
  input: { description: 'two numbers' },
  outputs: [{ name: 'sum', description: 'one number' }],
  labels: ['sum'],
  licence: 'Apache-2.0',
  citations: [],
  trainingData: 'none',
  quality: {},
  plugins: ['@tfjs-sparse/sparse-conv'],
};
