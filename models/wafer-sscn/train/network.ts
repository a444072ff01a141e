import * as tf from '@tensorflow/tfjs';
import {
  SparseBatchNormalization,
  SparseConv2D,
  SparseGlobalPooling2D,
  SubmConv2D,
} from '@tfjs-sparse/sparse-conv/layers';
import type { Architecture } from './architecture.js';

/** How a network ends each convolution: with batch normalization to train it, with the bias that it folds to after. */
export type Form = 'training' | 'inference';

/**
 * The classifier: stages of submanifold convolutions, each stage behind a strided convolution that halves the grid,
 * then global pooling, a latent vector and the class probabilities.
 *
 * @returns a model with inputs features `[sites, features]` and coords `[sites, 3]` and outputs probabilities
 *   `[wafers, classes]` and latent `[wafers, latent]`
 */
export function buildNetwork(architecture: Architecture, seed: number, form: Form = 'training'): tf.LayersModel {
  const features = tf.input({ shape: [architecture.features], name: 'features' });
  const coords = tf.input({ shape: [3], dtype: 'int32', name: 'coords' });
  let seeds = seed;
  const kernelInitializer = () => tf.initializers.heNormal({ seed: ++seeds });
  const ending = form === 'inference' ? { useBias: true, activation: 'relu' } : { useBias: false };
  const finished = (x: tf.SymbolicTensor, name: string) => (form === 'inference' ? x : normalized(x, name));
  let [x, sites] = [features, coords];
  architecture.stages.forEach(({ channels, convolutions }, stage) => {
    const common = () => ({ filters: channels, ...ending, kernelInitializer: kernelInitializer() });
    if (stage > 0) {
      const name = `down${stage}`;
      const layer = new SparseConv2D({ name, kernelSize: 2, strides: 2, ...common() });
      [x, sites] = layer.apply([x, sites]) as tf.SymbolicTensor[];
      x = finished(x, name);
    }
    for (let i = 0; i < convolutions; i++) {
      const name = `stage${stage}conv${i}`;
      const layer = new SubmConv2D({ name, kernelSize: 3, ...common() });
      x = finished(layer.apply([x, sites]) as tf.SymbolicTensor, name);
    }
  });
  const pooled = (
    [
      ['avg', 'mean'],
      ['max', 'max'],
    ] as const
  ).map(([name, reduction]) => new SparseGlobalPooling2D({ name, reduction }).apply([x, sites]) as tf.SymbolicTensor);
  const summary = tf.layers.concatenate({ name: 'summary' }).apply(pooled);
  const latent = tf.layers
    .dense({ name: 'latent', units: architecture.latent, activation: 'relu', kernelInitializer: kernelInitializer() })
    .apply(summary) as tf.SymbolicTensor;
  const probabilities = tf.layers
    .dense({
      name: 'probabilities',
      units: architecture.classes,
      activation: 'softmax',
      kernelInitializer: kernelInitializer(),
    })
    .apply(latent) as tf.SymbolicTensor;
  return tf.model({ inputs: [features, coords], outputs: [probabilities, latent], name: 'wafer-sscn' });
}

export const normEpsilon = 1e-3;

function normalized(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  const layer = new SparseBatchNormalization({
    name: `${name}norm`,
    momentum: 0.9,
    epsilon: normEpsilon,
    activation: 'relu',
  });
  return layer.apply(x) as tf.SymbolicTensor;
}

/**
 * The network without batch normalization: each one is a scale and an offset per channel in inference, so it becomes
 * part of the filter and the bias of the convolution before it.
 */
export function foldedNetwork(network: tf.LayersModel, architecture: Architecture): tf.LayersModel {
  const folded = buildNetwork(architecture, 0, 'inference');
  for (const layer of folded.layers) {
    const source = network.getLayer(layer.name);
    if (!source.name.startsWith('stage') && !source.name.startsWith('down')) {
      layer.setWeights(source.getWeights());
      continue;
    }
    tf.tidy(() => {
      const [kernel] = source.getWeights();
      const [gamma, beta, mean, variance] = network.getLayer(`${source.name}norm`).getWeights();
      const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, normEpsilon)));
      layer.setWeights([tf.mul(kernel, scale), tf.sub(beta, tf.mul(mean, scale))]);
    });
  }
  return folded;
}
