import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { input, layers, model, type LayersModel } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describeFile, type PackFile } from '@tfjs-sparse/packs';
import { SparseConv2D, SparseGlobalPooling2D, SubmConv2D } from '@tfjs-sparse/sparse-conv/layers';
import { labels, waferChannels } from '@tfjs-sparse/wafer-sscn';

/** Writes a small pack with random weights, with which specs run what is around the model. */
export async function writeUntrainedPack(folder: string): Promise<void> {
  const network = buildNetwork();
  const { modelTopology, weightSpecs, weightData } = await artifactsOf(network);
  network.dispose();
  const latentSize = 2;
  const mixture = { dimension: latentSize, weights: [1], means: [[0, 0]], covarianceFactors: [[1, 0, 1]] };
  const contents: [PackFile['role'], string, Uint8Array<ArrayBuffer>][] = [
    [
      'model',
      'model.json',
      json({ modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] }),
    ],
    ['weights', 'weights.bin', new Uint8Array(io.CompositeArrayBuffer.join(weightData))],
    ['novelty', 'novelty.json', json(mixture)],
  ];
  await mkdir(folder, { recursive: true });
  const files = [];
  for (const [role, path, bytes] of contents) {
    await writeFile(join(folder, path), bytes);
    files.push({ ...(await describeFile(path, bytes)), role });
  }
  await writeFile(join(folder, 'manifest.json'), json({ ...description, files }));
}

const description = {
  formatVersion: 1,
  name: 'untrained',
  version: '0.0.0',
  task: 'specs',
  description: 'Random weights.',
  input: {},
  outputs: [{ name: 'probabilities' }, { name: 'latent' }],
  labels,
  licence: 'Apache-2.0',
  citations: [],
  trainingData: 'none',
  quality: {},
  novelty: { threshold: -1000 },
  plugins: ['@tfjs-sparse/sparse-conv'],
};

function buildNetwork(): LayersModel {
  const features = input({ shape: [waferChannels], name: 'features' });
  const coords = input({ shape: [3], dtype: 'int32', name: 'coords' });
  const fine = new SubmConv2D({ filters: 4, kernelSize: 3 }).apply([features, coords]) as SymbolicTensor;
  const coarse = new SparseConv2D({ filters: 4, kernelSize: 2, strides: 2 }).apply([fine, coords]) as SymbolicTensor[];
  const pooled = new SparseGlobalPooling2D({ reduction: 'mean' }).apply(coarse) as SymbolicTensor;
  const latent = layers.dense({ units: 2, activation: 'tanh' }).apply(pooled) as SymbolicTensor;
  const probabilities = layers.dense({ units: labels.length, activation: 'softmax' }).apply(latent) as SymbolicTensor;
  return model({ inputs: [features, coords], outputs: [probabilities, latent] });
}

async function artifactsOf(network: LayersModel): Promise<io.ModelArtifacts> {
  let artifacts: io.ModelArtifacts | undefined;
  await network.save(
    io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(saved) };
    }),
  );
  return artifacts!;
}

function json(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}
