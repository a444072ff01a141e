import { dirname, join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { savedModel, writePack } from '@tfjs-sparse/packs/write-pack';
import { labels, simulateScan, type Scan } from '@tfjs-sparse/lidar-minkunet';
import { foldBatchNormalization } from '@tfjs-sparse/sparse-conv/layers';
import { architecture, recipe, testScans, validationScans } from './architecture.js';
import { golden } from './golden.js';
import { modelCard } from './model-card.js';
import { scanPicture } from './picture.js';
import type { Quality } from './quality.js';
import { predictLabels, scoreNetwork } from './run-network.js';

const version = '1.0.0';
const pictured = testScans.first + 6; // one of the test scans, with all classes near the sensor
const template = join(dirname(fileURLToPath(import.meta.url)), '../card.md');

/**
 * Folds and rounds the trained network, measures it, and writes model, golden, manifest, picture and card into `folder`.
 *
 * @param realFrame a labelled frame of a real scanner, to be scored too
 */
export async function writeMeasuredPack(
  folder: string,
  network: tf.LayersModel,
  realFrame: Scan | null,
): Promise<void> {
  const pack = foldBatchNormalization(network);
  const model = await savedModel(pack);
  const { weightData, weightSpecs } = model; // measured as rounded to float16
  tf.tidy(() => pack.loadWeights(tf.io.decodeWeights(tf.io.CompositeArrayBuffer.join(weightData), weightSpecs!)));
  const test = await scoreNetwork(pack, simulated(testScans));
  const validation = await scoreNetwork(pack, simulated(validationScans));
  const real = realFrame && (await scoreNetwork(pack, [realFrame]));
  const manifest = {
    name: 'lidar-minkunet',
    version,
    task: 'semantic segmentation of LiDAR scans',
    description: 'Sparse U-Net that names the class of every voxel of one turn of a LiDAR scanner.',
    input: {
      points: 'float32 [points, 3]: metres in front of the sensor, to its left, above it',
      sites: 'voxels of 0.15 m that hold points: coordinates int32 [sites, 4] (batch, x, y, z)',
      features:
        'float32 [sites, 6]: 1, height in m, range / 50 m, mean of the points in the voxel, -0.5 to 0.5 along x, y, z',
    },
    outputs: [{ name: 'probabilities', shape: [null, labels.length] }],
    labels: [...labels],
    licence: 'Apache-2.0',
    citations: [
      'C. Choy, J. Gwak, S. Savarese, "4D Spatio-Temporal ConvNets: Minkowski Convolutional Neural Networks," CVPR 2019.',
    ],
    trainingData: `${recipe.scans} scans of simulated streets, drawn by this package; no measured scan`,
    quality: { simulatedTest: summary(test), ...(real && { semanticKittiFrame: summary(real) }) },
    plugins: ['@tfjs-sparse/sparse-conv'],
  };
  const { files } = await writePack(folder, { manifest, model, golden: golden(pack) });
  const scan = simulateScan(pictured);
  writeFileSync(join(folder, 'scan.png'), await pictureOf(pack, scan));
  // The licence of a measured frame covers its pictures: to look at, not to ship.
  if (realFrame) writeFileSync(join(folder, 'train/checkpoints/real-frame.png'), await pictureOf(pack, realFrame));
  const parameters = pack.countParams();
  const values = { architecture, recipe, parameters, test, validation, real, files };
  writeFileSync(join(folder, 'README.md'), modelCard(values, readFileSync(template, 'utf8')));
  console.log(
    `test mIoU ${test.meanIou.toFixed(3)}, real frame ${real?.meanIou.toFixed(3) ?? 'not given'}, ${parameters} parameters`,
  );
}

/** Left as the network sees the scan, right its true labels. */
async function pictureOf(network: tf.LayersModel, scan: Scan): Promise<Uint8Array> {
  return scanPicture([{ points: scan.points, labels: await predictLabels(network, scan) }, scan]);
}

function* simulated({ first, count }: typeof testScans): Generator<Scan> {
  for (let i = 0; i < count; i++) yield simulateScan(first + i);
}

function summary({ meanIou, accuracy, iou }: Quality) {
  return { meanIou, accuracy, iou: Object.fromEntries(labels.map((name, label) => [name, iou[label]])) };
}
