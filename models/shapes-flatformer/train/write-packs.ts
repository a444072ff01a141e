import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { savedModel, writePack } from '@tfjs-sparse/packs/write-pack';
import { labels } from '@tfjs-sparse/shapes-flatformer';
import { foldBatchNormalization } from '@tfjs-sparse/sparse-conv/layers';
import { recipe, type Architecture } from './architecture.js';
import { golden } from './golden.js';
import { modelCard, type MeasuredPack } from './model-card.js';
import { qualityOf } from './quality.js';

type Kind = Architecture['kind'];

const version = '1.0.0';

const descriptions: Readonly<Record<Kind, { readonly text: string; readonly plugins: readonly string[] }>> = {
  flatFormer: {
    text: 'Transformer of sparse point clouds (FlatFormer) that names the parametric shape of a cloud.',
    plugins: ['@tfjs-sparse/sparse-conv', '@tfjs-sparse/window-attention'],
  },
  convolution: {
    text: 'Submanifold sparse CNN that names the parametric shape of a cloud.',
    plugins: ['@tfjs-sparse/sparse-conv'],
  },
};

/** Writes the packs, the transformer's into `folder` itself, and the model card. */
export async function writePacks(folder: string, networks: Readonly<Record<Kind, tf.LayersModel>>): Promise<void> {
  const packs = {
    flatFormer: await writeMeasuredPack(folder, networks.flatFormer, 'flatFormer'),
    convolution: await writeMeasuredPack(join(folder, 'convolution'), networks.convolution, 'convolution'),
  };
  const template = readFileSync(join(folder, 'train/card.md'), 'utf8');
  writeFileSync(join(folder, 'README.md'), modelCard(packs, template));
}

/** Folds and rounds a trained network, measures it, and writes its pack. */
async function writeMeasuredPack(folder: string, network: tf.LayersModel, kind: Kind): Promise<MeasuredPack> {
  const model = await savedModel(foldBatchNormalization(network));
  const shipped = await tf.loadLayersModel(tf.io.fromMemory(model));
  const quality = await qualityOf(shipped);
  const manifest = {
    name: kind === 'flatFormer' ? 'shapes-flatformer' : 'shapes-convolution',
    version,
    task: 'shapes of point clouds',
    description: descriptions[kind].text,
    input: {
      points: 'float32 [points, 3], in any pose, size and place',
      sites:
        'cells with points, the root mean square distance from the mean being 8 cells: coordinates int32 [sites, 4]',
      features:
        'float32 [sites, 7]: mean of the points from the cell centre in cells, its place and its distance from the mean in root mean square distances',
    },
    outputs: [{ name: 'probabilities', shape: [null, labels.length] }],
    labels: [...labels],
    licence: 'Apache-2.0',
    citations: [
      'Z. Liu, X. Yang, H. Tang, S. Yang, S. Han, "FlatFormer: Flattened Window Attention for Efficient Point Cloud Transformer," CVPR 2023.',
    ],
    trainingData: `${recipe.steps * recipe.batchSize} clouds of parametric shapes, drawn by this package`,
    quality: { testAccuracy: quality.test, validationAccuracy: quality.validation },
    plugins: descriptions[kind].plugins,
  };
  const { files } = await writePack(folder, { manifest, model, golden: golden(shipped) });
  const parameters = shipped.countParams();
  shipped.dispose();
  console.log(`${kind}: test accuracy ${quality.test.toFixed(4)}, ${parameters} parameters`);
  return { quality, parameters, files };
}
