import * as tf from '@tensorflow/tfjs';
import { waferSample } from '@tfjs-sparse/wafer-sscn';
import type { Architecture } from './architecture.js';
import { side } from './dataset.js';
import { normEpsilon } from './network.js';

/**
 * The network's answers computed by tfjs' own dense operations: a convolution on active sites is a dense convolution
 * whose result is multiplied by the mask of active cells. None of the sparse kernels takes part, so that the pack's
 * golden does not come from what it checks.
 */
export async function maskedDenseAnswers(
  network: tf.LayersModel,
  architecture: Architecture,
  map: Uint8Array,
): Promise<{ probabilities: Float32Array; latent: Float32Array }> {
  const [probabilities, latent] = tf.tidy(() => {
    const { coordinates, features } = waferSample(map);
    const sites = coordinates.length / 3;
    const cells = Array.from({ length: sites }, (_, site) => [0, coordinates[3 * site + 1], coordinates[3 * site + 2]]);
    const channels = architecture.features;
    let x = tf.scatterND(tf.tensor2d(cells, [sites, 3], 'int32'), tf.tensor2d(features, [sites, channels]), [
      1,
      side,
      side,
      channels,
    ]) as tf.Tensor4D;
    let mask = tf.scatterND(tf.tensor2d(cells, [sites, 3], 'int32'), tf.ones([sites, 1]), [
      1,
      side,
      side,
      1,
    ]) as tf.Tensor4D;
    architecture.stages.forEach(({ convolutions }, stage) => {
      if (stage > 0) {
        mask = tf.maxPool(mask, 2, 2, 'valid');
        x = normalized(network, `down${stage}`, tf.conv2d(x, kernelOf(network, `down${stage}`, 2), 2, 'valid'), mask);
      }
      for (let i = 0; i < convolutions; i++) {
        const name = `stage${stage}conv${i}`;
        x = normalized(network, name, tf.conv2d(x, kernelOf(network, name, 3), 1, 'same'), mask);
      }
    });
    const average = tf.div(tf.sum(x, [1, 2]), tf.sum(mask, [1, 2]));
    const maximum = tf.max(x, [1, 2]); // features are >= 0 after ReLU, so masked cells never win
    const latentVector = tf.relu(dense(network, 'latent', tf.concat([average, maximum], 1) as tf.Tensor2D));
    return [tf.softmax(dense(network, 'probabilities', latentVector)), latentVector];
  });
  const values = {
    probabilities: (await probabilities.data()) as Float32Array,
    latent: (await latent.data()) as Float32Array,
  };
  tf.dispose([probabilities, latent]);
  return values;
}

function kernelOf(network: tf.LayersModel, layer: string, size: number): tf.Tensor4D {
  const [kernel] = network.getLayer(layer).getWeights();
  return tf.reshape(kernel, [size, size, kernel.shape[1]!, kernel.shape[2]!]);
}

function normalized(network: tf.LayersModel, name: string, x: tf.Tensor4D, mask: tf.Tensor4D): tf.Tensor4D {
  const [gamma, beta, mean, variance] = network.getLayer(`${name}norm`).getWeights() as tf.Tensor1D[];
  return tf.mul(tf.relu(tf.batchNorm4d(x, mean, variance, beta, gamma, normEpsilon)), mask);
}

function dense(network: tf.LayersModel, name: string, x: tf.Tensor2D): tf.Tensor2D {
  const [kernel, bias] = network.getLayer(name).getWeights() as [tf.Tensor2D, tf.Tensor1D];
  return tf.add(tf.matMul(x, kernel), bias);
}
