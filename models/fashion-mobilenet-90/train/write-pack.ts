import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { writeSafetensors } from '@tfjs-sparse/core';
import { imageSide, imageValues, labels } from '@tfjs-sparse/fashion-mobilenet-90';
import { describeFile, type PackManifest } from '@tfjs-sparse/packs';
import { sparseReplacement } from '@tfjs-sparse/sparse-matmul/layers';
import { strip, type LayerSparsity } from '@tfjs-sparse/training';
import { accuracyOf } from './accuracy.js';
import { goldenImages } from './golden-images.js';
import type { FashionData } from './images.js';
import { foldedNetwork } from './network.js';
import { loadedNetwork, savedNetwork } from './saved-network.js';

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
export async function writePack(
  folder: string,
  network: tf.LayersModel,
  { name, description, isSparse }: PackDescription,
  data: FashionData,
): Promise<PackMeasures> {
  mkdirSync(folder, { recursive: true });
  const folded = foldedNetwork(network, isSparse ? 'fast' : 'inference');
  const { model, layers } = await strip(folded, isSparse ? { replace: sparseReplacement } : {});
  const artifacts = await savedNetwork(model);
  const shipped = await loadedNetwork(artifacts);
  const quality = { test: accuracyOf(shipped, data.test), validation: accuracyOf(shipped, data.validation) };

  const shard = 'weights.bin';
  const weights = new Uint8Array(tf.io.CompositeArrayBuffer.join(artifacts.weightData));
  const json = {
    format: 'layers-model',
    generatedBy: 'tfjs-sparse',
    convertedBy: null,
    modelTopology: artifacts.modelTopology,
    weightsManifest: [{ paths: [shard], weights: artifacts.weightSpecs }],
  };
  const written = [
    { role: 'model' as const, path: 'model.json', contents: text(`${JSON.stringify(json)}\n`) },
    { role: 'weights' as const, path: shard, contents: weights },
    { role: 'golden' as const, path: 'golden.safetensors', contents: await golden(network) },
  ];
  for (const { path, contents } of written) writeFileSync(join(folder, path), contents);
  const files = await Promise.all(
    written.map(async ({ role, path, contents }) => ({ ...(await describeFile(path, contents)), role })),
  );
  const manifest: PackManifest = {
    formatVersion: 1,
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
    files,
    plugins: isSparse ? ['@tfjs-sparse/sparse-matmul'] : [],
  };
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const [modelBytes, weightBytes] = written.map(({ contents }) => contents.length);
  return { ...quality, modelBytes, weightBytes, layers };
}

/** Drawn images and the answers of tfjs' dense layers with the same weights, zeros included, rounded as the pack's are. */
async function golden(network: tf.LayersModel): Promise<Uint8Array<ArrayBuffer>> {
  const dense = await loadedNetwork(await savedNetwork(foldedNetwork(network)));
  const images = goldenImages();
  const x = Float32Array.from(images.flatMap((pixels) => [...imageValues(pixels)]));
  const shape = [images.length, imageSide, imageSide, 1] as const;
  const answers = tf.tidy(() => dense.predict(tf.tensor4d(x, [...shape])) as tf.Tensor2D);
  const probabilities = (await answers.data()) as Float32Array;
  return writeSafetensors(
    new Map([
      ['in_image', { dtype: 'F32', shape, values: x }],
      ['probabilities', { dtype: 'F32', shape: answers.shape, values: probabilities }],
    ]),
    [['source', "dense layers of tfjs with the pack's weights, zeros included"]],
  ) as Uint8Array<ArrayBuffer>;
}

function text(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(value) as Uint8Array<ArrayBuffer>;
}
