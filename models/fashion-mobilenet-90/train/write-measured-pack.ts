import * as tf from '@tensorflow/tfjs';
import { imageSide, imageValues, labels } from '@tfjs-sparse/fashion-mobilenet-90';
import { savedModel, writePack, type PackGolden } from '@tfjs-sparse/packs/write-pack';
import { sparseReplacement } from '@tfjs-sparse/sparse-matmul/layers';
import { strip, type LayerSparsity } from '@tfjs-sparse/training';
import { accuracyOf } from './accuracy.js';
import { goldenImages } from './golden-images.js';
import type { FashionData } from './images.js';
import { foldedNetwork } from './network.js';

/** One of the packs, and what its manifest says of it. */
export interface PackDescription {
  readonly name: string;
  readonly description: string;
  /** Dense networks are made of tfjs' own layers. */
  readonly isSparse: boolean;
}

/** What was measured of a pack as it is shipped. */
export interface PackMeasures {
  readonly test: number;
  readonly validation: number;
  readonly modelBytes: number;
  readonly weightBytes: number;
  readonly layers: readonly LayerSparsity[];
}

const version = '1.0.0';

/** Writes model, golden and manifest of a trained network into `folder`; measures what it wrote. */
export async function writeMeasuredPack(
  folder: string,
  network: tf.LayersModel,
  { name, description, isSparse }: PackDescription,
  data: FashionData,
): Promise<PackMeasures> {
  const folded = foldedNetwork(network, isSparse ? 'fast' : 'inference');
  const { model, layers } = await strip(folded, isSparse ? { replace: sparseReplacement } : {});
  const artifacts = await savedModel(model);
  const shipped = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  const quality = { test: accuracyOf(shipped, data.test), validation: accuracyOf(shipped, data.validation) };

  const manifest = {
    name,
    version,
    task: 'classification of clothing',
    description,
    input: {
      image: `float32 [batch, ${imageSide}, ${imageSide}, 1]: (pixel / 255 - 0.286) / 0.353, background 0 (imageValues)`,
    },
    outputs: [{ name: 'probabilities', shape: [null, labels.length] }],
    labels: [...labels],
    licence: 'Apache-2.0; training data: MIT (Zalando SE)',
    citations: ['H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms," arXiv:1708.07747, 2017.'], // prettier-ignore
    trainingData: `Fashion-MNIST, ${data.training.classes.length} of its 60000 training images`,
    quality: { accuracy: quality },
    plugins: isSparse ? ['@tfjs-sparse/sparse-matmul'] : [],
  };
  const { files } = await writePack(folder, { manifest, model: artifacts, golden: await golden(network) });
  const [modelBytes, weightBytes] = files.map(({ bytes }) => bytes);
  return { ...quality, modelBytes, weightBytes, layers };
}

/** Drawn images and the answers of tfjs' dense layers with the same weights, zeros included, rounded as the pack's are. */
async function golden(network: tf.LayersModel): Promise<PackGolden> {
  const dense = await tf.loadLayersModel(tf.io.fromMemory(await savedModel(foldedNetwork(network))));
  const images = goldenImages();
  const x = Float32Array.from(images.flatMap((pixels) => [...imageValues(pixels)]));
  const shape = [images.length, imageSide, imageSide, 1] as const;
  const answers = tf.tidy(() => dense.predict(tf.tensor4d(x, [...shape])) as tf.Tensor2D);
  const probabilities = (await answers.data()) as Float32Array;
  return {
    tensors: new Map([
      ['in_image', { dtype: 'F32', shape, values: x }],
      ['probabilities', { dtype: 'F32', shape: answers.shape, values: probabilities }],
    ]),
    source: "dense layers of tfjs with the pack's weights, zeros included",
  };
}
