import { serialization } from '@tensorflow/tfjs-core';
import './register.js';
import * as batchTopK from './batch-top-k/layer.js';
import * as gaussianTopK from './gaussian-top-k/layer.js';
import * as groupMax from './group-max/layer.js';
import * as jumpReLU from './jump-relu/layer.js';
import * as kWinners from './k-winners/layer.js';
import * as sparseAutoencoder from './sparse-autoencoder/layer.js';
import * as sparseMLP from './sparse-mlp/layer.js';
import * as topK from './top-k/layer.js';

for (const layers of [batchTopK, gaussianTopK, groupMax, jumpReLU, kWinners, sparseAutoencoder, sparseMLP, topK]) {
  for (const layerClass of Object.values(layers)) {
    if ('className' in layerClass) serialization.registerClass(layerClass);
  }
}

export { BatchTopKActivation, type BatchTopKActivationArgs } from './batch-top-k/layer.js';
export * from './gaussian-top-k/layer.js';
export * from './group-max/layer.js';
export * from './jump-relu/layer.js';
export * from './k-winners/layer.js';
export {
  saeFromSafetensors,
  saeFromTensors,
  type ConvertedSae,
  type SaePairing,
} from './sparse-autoencoder/from-tensors.js';
export * from './sparse-autoencoder/layer.js';
export type { LibraryConfig, SaeLibrary } from './sparse-autoencoder/library-formats.js';
export * from './sparse-mlp/layer.js';
export * from './top-k/layer.js';
