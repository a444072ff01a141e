import * as tf from '@tensorflow/tfjs';
import { siteBatchNorm, siteNormalize } from '@tfjs-sparse/sparse-conv';

type Variable = ReturnType<tf.layers.Layer['addWeight']>;

export const normEpsilon = 1e-3;
const momentum = 0.9;

/**
 * Batch normalization of images by the one-pass kernels of sparse sites: a pixel is a site. Weights as those of
 * `tf.layers.batchNormalization`, whose gradient takes many passes over memory.
 */
export class ImageBatchNormalization extends tf.layers.Layer {
  static className = 'ImageBatchNormalization';
  private gamma!: Variable;
  private beta!: Variable;
  private movingMean!: Variable;
  private movingVariance!: Variable;

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as number[])[3];
    const weight = (name: string, value: 'zeros' | 'ones', isTrainable: boolean) =>
      this.addWeight(name, [channels], 'float32', tf.initializers[value](), undefined, isTrainable);
    this.gamma = weight('gamma', 'ones', true);
    this.beta = weight('beta', 'zeros', true);
    this.movingMean = weight('moving_mean', 'zeros', false);
    this.movingVariance = weight('moving_variance', 'ones', false);
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
      const sites = tf.reshape(x, [-1, x.shape[3]]) as tf.Tensor2D;
      const y = kwargs.training ? this.train(sites) : this.infer(sites);
      return tf.reshape(y, x.shape);
    });
  }

  private train(x: tf.Tensor2D): tf.Tensor2D {
    const { y, mean, variance } = siteBatchNorm(x, vector(this.gamma), vector(this.beta), normEpsilon);
    this.update(this.movingMean, mean);
    this.update(this.movingVariance, variance);
    return y;
  }

  private infer(x: tf.Tensor2D): tf.Tensor2D {
    const [mean, variance] = [vector(this.movingMean), vector(this.movingVariance)];
    return siteNormalize(x, mean, variance, vector(this.gamma), vector(this.beta), normEpsilon);
  }

  private update(running: Variable, value: tf.Tensor): void {
    running.write(tf.add(tf.mul(running.read(), momentum), tf.mul(value, 1 - momentum)));
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }
}

function vector(variable: Variable): tf.Tensor1D {
  return variable.read() as tf.Tensor1D;
}
