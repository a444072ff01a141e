import { input, layers, model, type LayersModel } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { GaussianMixture } from '@tfjs-sparse/packs';
import { savedModel, writePack, type PackContents } from '@tfjs-sparse/packs/write-pack';
import { SparseConv2D, SparseGlobalPooling2D, SubmConv2D } from '@tfjs-sparse/sparse-conv/layers';
import { labels, waferChannels } from '@tfjs-sparse/wafer-sscn';

/** Writes a small pack with random weights, with which specs run what is around the model. */
export async function writeUntrainedPack(folder: string): Promise<void> {
  const network = buildNetwork();
  const model = await savedModel(network, 'float32');
  network.dispose();
  const mixture = { dimension: 2, weights: [1], means: [[0, 0]], covarianceFactors: [[1, 0, 1]] };
  await writePack(folder, { manifest, model, novelty: GaussianMixture.fromJSON(mixture) });
}

const manifest: PackContents['manifest'] = {
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
