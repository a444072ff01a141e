import * as tf from '@tensorflow/tfjs';
import {
  SparseBatchNormalization,
  SparseConv3D,
  SparseGlobalPooling3D,
  SubmConv3D,
} from '@tfjs-sparse/sparse-conv/layers';
import { FlatFormerBlock, SerializedPooling } from '@tfjs-sparse/window-attention/layers';
import type { Architecture, ConvolutionArchitecture, FlatFormerArchitecture } from './architecture.js';

/** Features and coords of a network that is being built. */
type Sites = readonly [features: tf.SymbolicTensor, coords: tf.SymbolicTensor];

/**
 * A classifier: the stages of the architecture, mean and maximum over the sites of a cloud, a latent vector and the class
 * probabilities.
 *
 * @returns a model with inputs features `[sites, channels]` and coords `[sites, 4]` and output probabilities
 *   `[clouds, classes]`
 */
export function buildNetwork(architecture: Architecture, seed: number): tf.LayersModel {
  const { channels, latent, classes, kind } = architecture;
  const input: Sites = [
    tf.input({ shape: [channels], name: 'features' }),
    tf.input({ shape: [4], dtype: 'int32', name: 'coords' }),
  ];
  const [features, coords] =
    kind === 'flatFormer' ? flatFormerStages(architecture, input, seed) : convolutions(architecture, input, seed);
  const pooled = (['mean', 'max'] as const).map((reduction) =>
    new SparseGlobalPooling3D({ name: reduction, reduction }).apply([features, coords]),
  );
  const dense = (units: number, activation: 'relu' | 'softmax', name: string) =>
    tf.layers.dense({ name, units, activation, kernelInitializer: tf.initializers.glorotUniform({ seed }) });
  const summary = tf.layers.concatenate({ name: 'summary' }).apply(pooled as tf.SymbolicTensor[]);
  const hidden = dense(latent, 'relu', 'latent').apply(summary);
  const outputs = dense(classes, 'softmax', 'probabilities').apply(hidden) as tf.SymbolicTensor;
  return tf.model({ inputs: [...input], outputs, name: 'shapes' });
}

function flatFormerStages(architecture: FlatFormerArchitecture, input: Sites, seed: number): Sites {
  const { stages, windowSize, groupSize } = architecture;
  const units = stages[0].filters;
  const embedding = tf.layers.dense({
    name: 'embedding',
    units,
    kernelInitializer: tf.initializers.glorotUniform({ seed }),
  });
  let [x, coords] = [embedding.apply(input[0]) as tf.SymbolicTensor, input[1]];
  stages.forEach(({ filters, heads, axes }, stage) => {
    if (stage > 0) {
      const pooling = new SerializedPooling({ name: `pool${stage}`, filters, normalization: 'layer' });
      [x, coords] = pooling.apply([x, coords]) as tf.SymbolicTensor[];
    }
    const block = new FlatFormerBlock({
      name: `block${stage}`,
      heads,
      windowSize: [...windowSize],
      groupSize,
      axes: [...axes],
      positions: { axes: [0, 1, 2], temperature: 100 },
    });
    x = block.apply([x, coords]) as tf.SymbolicTensor;
  });
  return [x, coords];
}

function convolutions({ stages }: ConvolutionArchitecture, input: Sites, seed: number): Sites {
  let [x, coords] = input;
  let seeds = seed;
  const common = (filters: number) => ({
    filters,
    useBias: false,
    kernelInitializer: tf.initializers.heNormal({ seed: ++seeds }),
  });
  const normalized = (from: tf.SymbolicTensor, name: string) =>
    new SparseBatchNormalization({ name: `${name}norm`, momentum: 0.9, activation: 'relu' }).apply(
      from,
    ) as tf.SymbolicTensor;
  stages.forEach(({ filters, convolutions: count }, stage) => {
    if (stage > 0) {
      const name = `down${stage}`;
      const layer = new SparseConv3D({ name, kernelSize: 2, strides: 2, ...common(filters) });
      [x, coords] = layer.apply([x, coords]) as tf.SymbolicTensor[];
      x = normalized(x, name);
    }
    for (let i = 0; i < count; i++) {
      const name = `stage${stage}conv${i}`;
      x = normalized(
        new SubmConv3D({ name, kernelSize: 3, ...common(filters) }).apply([x, coords]) as tf.SymbolicTensor,
        name,
      );
    }
  });
  return [x, coords];
}
