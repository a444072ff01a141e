import * as tf from '@tensorflow/tfjs';
import type { SaeKind } from '@tfjs-sparse/shakespeare-sae';
import { SparseAutoencoder } from '@tfjs-sparse/topk/layers';
import type { Recipe } from './recipe.js';

/** A model of the one layer, and the layer. */
export function buildAutoencoder(kind: SaeKind, width: number, recipe: Recipe) {
  const { features, k, deadAfter, auxiliaryFeatures, seed } = recipe;
  const layer = new SparseAutoencoder({
    name: 'autoencoder',
    features,
    activation: kind === 'topk' ? 'topK' : 'batchTopK',
    k,
    normalization: 'layerNorm',
    unitNorm: true,
    deadAfter,
    seed,
    loss: { reconstruction: 'varianceUnexplained', auxiliary: { library: 'openai', k: auxiliaryFeatures } },
    inputShape: [width],
  });
  return { layer, model: tf.sequential({ layers: [layer] }) };
}
