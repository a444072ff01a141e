import * as tf from '@tensorflow/tfjs';
import {
  SparseBatchNormalization,
  SparseConv2D,
  SparseGlobalPooling2D,
  SubmConv2D,
} from '@tfjs-sparse/sparse-conv/layers';
import type { Architecture } from './architecture.js';

/**
 * The classifier: stages of submanifold convolutions, each stage behind a strided convolution that halves the grid,
 * then global pooling, a latent vector and the class probabilities.
 *
 * @returns a model with inputs features `[sites, features]` and coords `[sites, 3]` and outputs probabilities
 *   `[wafers, classes]` and latent `[wafers, latent]`
 */
export function buildNetwork(architecture: Architecture, seed: number): tf.LayersModel {
  const features = tf.input({ shape: [architecture.features], name: 'features' });
  const coords = tf.input({ shape: [3], dtype: 'int32', name: 'coords' });
  let seeds = seed;
  const kernelInitializer = () => tf.initializers.heNormal({ seed: ++seeds });
  let [x, sites] = [features, coords];
  architecture.stages.forEach(({ channels, convolutions }, stage) => {
    if (stage > 0) {
      const layer = new SparseConv2D({
        name: `down${stage}`,
        filters: channels,
        kernelSize: 2,
        strides: 2,
        useBias: false,
        kernelInitializer: kernelInitializer(),
      });
      [x, sites] = layer.apply([x, sites]) as tf.SymbolicTensor[];
      x = normalized(x, `down${stage}`);
    }
    for (let i = 0; i < convolutions; i++) {
      const name = `stage${stage}conv${i}`;
      const layer = new SubmConv2D({
        name,
        filters: channels,
        kernelSize: 3,
        useBias: false,
        kernelInitializer: kernelInitializer(),
      });
      x = normalized(layer.apply([x, sites]) as tf.SymbolicTensor, name);
    }
  });
  const pooled = (['avg', 'max'] as const).map(
    (mode) => new SparseGlobalPooling2D({ name: mode, mode }).apply([x, sites]) as tf.SymbolicTensor,
  );
  const summary = tf.layers.concatenate({ name: 'summary' }).apply(pooled);
  const latent = tf.layers
    .dense({ name: 'latent', units: architecture.latent, activation: 'relu', kernelInitializer: kernelInitializer() })
    .apply(summary) as tf.SymbolicTensor;
  const probabilities = tf.layers
    .dense({ name: 'probabilities', units: architecture.classes, activation: 'softmax', kernelInitializer: kernelInitializer() })
    .apply(latent) as tf.SymbolicTensor;
  return tf.model({ inputs: [features, coords], outputs: [probabilities, latent], name: 'wafer-sscn' });
}

function normalized(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  const layer = new SparseBatchNormalization({ name: `${name}norm`, momentum: 0.9, activation: 'relu' });
  return layer.apply(x) as tf.SymbolicTensor;
}
