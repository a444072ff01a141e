import * as tf from '@tensorflow/tfjs';
import { imageSide, labels } from '@tfjs-sparse/fashion-mobilenet-90';
import { FusedDepthwiseConv2D } from '@tfjs-sparse/sparse-matmul/layers';
import { blocks, firstChannels } from './architecture.js';
import { ImageBatchNormalization, normEpsilon } from './image-batch-normalization.js';

/**
 * How a network ends each convolution: with batch normalization to train it, with the bias that it folds to after; with
 * `fast` depthwise convolutions are layers of this project.
 */
export type Form = 'training' | 'inference' | 'fast';

/**
 * A convolution 3 x 3 with stride 2, separable blocks, the average over all pixels and the class probabilities:
 * `[batch, 28, 28, 1]` to `[batch, 10]`.
 */
export function buildNetwork(seed: number, form: Form = 'training'): tf.LayersModel {
  let seeds = seed;
  const initializer = () => tf.initializers.heNormal({ seed: ++seeds });
  const ending = form === 'training' ? { useBias: false } : { useBias: true, activation: 'relu' as const };
  const finished = (layer: tf.layers.Layer, x: tf.SymbolicTensor) => {
    const y = layer.apply(x) as tf.SymbolicTensor;
    if (form !== 'training') return y;
    const normal = new ImageBatchNormalization({ name: normName(layer.name) }).apply(y) as tf.SymbolicTensor;
    return tf.layers.reLU({ name: `${layer.name}relu` }).apply(normal) as tf.SymbolicTensor;
  };
  const convolution = (name: string, kernelSize: number, filters: number, strides: number) =>
    tf.layers.conv2d({
      name,
      kernelSize,
      filters,
      strides,
      padding: 'same',
      kernelInitializer: initializer(),
      ...ending,
    });

  const input = tf.input({ shape: [imageSide, imageSide, 1], name: 'image' });
  let x = finished(convolution('first', 3, firstChannels, 2), input);
  blocks.forEach(({ channels, stride }, i) => {
    const args = {
      name: `depthwise${i}`,
      kernelSize: 3,
      strides: stride,
      padding: 'same' as const,
      depthwiseInitializer: initializer(),
      ...ending,
    };
    x = finished(form === 'fast' ? new FusedDepthwiseConv2D(args) : tf.layers.depthwiseConv2d(args), x);
    x = finished(convolution(`pointwise${i}`, 1, channels, 1), x);
  });
  const pooled = tf.layers.globalAveragePooling2d({ name: 'average' }).apply(x);
  const probabilities = tf.layers
    .dense({ name: 'probabilities', units: labels.length, activation: 'softmax', kernelInitializer: initializer() })
    .apply(pooled) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: probabilities, name: 'fashion-mobilenet' });
}

/**
 * The network without batch normalization: each one is a scale and an offset per channel in inference, so it becomes
 * part of the filter and the bias of the convolution before it.
 */
export function foldedNetwork(network: tf.LayersModel, form: 'inference' | 'fast' = 'inference'): tf.LayersModel {
  const folded = buildNetwork(0, form);
  for (const layer of folded.layers) {
    const source = network.getLayer(layer.name);
    if (!/^(first|depthwise|pointwise)/.test(layer.name)) {
      layer.setWeights(source.getWeights());
      continue;
    }
    tf.tidy(() => {
      const [kernel] = source.getWeights();
      const [gamma, beta, mean, variance] = network.getLayer(normName(layer.name)).getWeights();
      const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, normEpsilon)));
      const isDepthwise = kernel.shape[3] === 1; // [height, width, channels, 1]
      const scaled = tf.mul(kernel, isDepthwise ? tf.reshape(scale, [-1, 1]) : scale);
      layer.setWeights([scaled, tf.sub(beta, tf.mul(mean, scale))]);
    });
  }
  return folded;
}

function normName(layerName: string): string {
  return `${layerName}norm`;
}
