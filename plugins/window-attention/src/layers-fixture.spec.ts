import * as tf from '@tensorflow/tfjs';
import { sparseTensor, type SparseTensor } from '@tfjs-sparse/core';
import { predict, SparseLayer, sparseInput } from '@tfjs-sparse/layers';
import type { ConvolutionArgs } from './layers.js';

export const channels = 8;

/** Two clouds of three axes. */
export function clouds(seed = 1): SparseTensor {
  const rows = [0, 1].flatMap((cloud) =>
    Array.from({ length: 30 }, (_, i) => [cloud, (i * 7) % 5, (i * 3 + cloud) % 8, (i * 5) % 8]),
  );
  const sites = [...new Map(rows.map((row) => [row.join(), row])).values()];
  return sparseTensor(tf.randomNormal([sites.length, channels], 0, 1, 'float32', seed) as tf.Tensor2D, sites);
}

/** In place of a convolution: every site by itself, times a learned matrix. */
class Pointwise extends SparseLayer {
  static className = 'WindowAttentionSpecPointwise';
  private kernel!: ReturnType<tf.layers.Layer['addWeight']>;

  constructor(private readonly args: ConvolutionArgs) {
    super({ name: args.name });
  }

  override build(shape: tf.Shape | tf.Shape[]): void {
    const features = (Array.isArray(shape[0]) ? shape[0] : shape) as tf.Shape;
    const initializer = tf.initializers.randomNormal({ seed: 5 });
    this.kernel = this.addWeight('kernel', [features[1]!, this.args.filters], 'float32', initializer);
    super.build(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.matMul(sparseInput(this.name, inputs).features, this.kernel.read() as tf.Tensor2D);
  }

  override computeOutputShape(): tf.Shape {
    return [null, this.args.filters];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { filters, kernelSize, useBias } = this.args;
    return { ...super.getConfig(), filters, kernelSize, useBias };
  }
}
tf.serialization.registerClass(Pointwise);

export const pointwise = (name = 'convolution') =>
  new Pointwise({ name, filters: channels, kernelSize: 3, useBias: true });
export const convolution = (args: ConvolutionArgs) => new Pointwise(args);

export async function reloaded(model: tf.LayersModel): Promise<tf.LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  const artifacts = { ...saved, modelTopology: JSON.parse(JSON.stringify(saved!.modelTopology)) as object };
  return tf.loadLayersModel(tf.io.fromMemory(artifacts));
}

/** The first output. */
export async function outputOf(model: tf.LayersModel, x: SparseTensor): Promise<number[]> {
  const y = predict(model, x) as tf.Tensor | SparseTensor;
  const tensor = 'features' in y ? y.features : y;
  const values = Array.from(await tensor.data());
  y.dispose();
  return values;
}

/** Specs of a model of layers. */
export function describeSaved(name: string, make: () => tf.LayersModel): void {
  describe(name, () => {
    it('is saved and loaded, and leaves no tensor behind', async () => {
      const model = make();
      const x = clouds();
      const expected = await outputOf(model, x);
      expect(expected.every(Number.isFinite)).toBe(true);
      const before = tf.memory().numTensors;
      expect(await outputOf(model, x)).toEqual(expected);
      expect(tf.memory().numTensors).toBe(before);
      const loaded = await reloaded(model);
      expect(await outputOf(loaded, x)).toEqual(expected);
      expect(loaded.weights.map((weight) => weight.shape)).toEqual(model.weights.map((weight) => weight.shape));
    });
  });
}
