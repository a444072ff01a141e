import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { labels } from '@tfjs-sparse/lidar-minkunet';
import { minkUNet } from '@tfjs-sparse/sparse-conv/layers';
import { architecture, recipe, validationScans } from './architecture.js';
import { fitNetwork } from './fit-network.js';
import { scoreNetwork } from './run-network.js';
import { ScanStore } from './scans.js';
import { readSemanticKitti } from './semantic-kitti.js';
import { writeMeasuredPack } from './write-measured-pack.js';

const here = dirname(fileURLToPath(import.meta.url));
const packFolder = join(here, '../..');
const checkpoints = join(packFolder, 'train/checkpoints');

const help = `npm run train -w models/lidar-minkunet -- [options]

Trains the network on simulated scans, then writes the pack. Training resumes where it was stopped.

  --real FILE   a frame of SemanticKITTI (.bin, its .label beside it) to score the network on, for the card
  --help`;

const { values: options } = parseArgs({
  options: {
    real: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(help);
} else {
  setWasmPaths(join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')), '/'));
  await tf.setBackend('wasm');
  const store = new ScanStore(join(checkpoints, 'scans'));
  const network = minkUNet({ ...architecture, seed: recipe.seed });
  const start = performance.now();
  await fitNetwork(network, store, recipe, checkpoints, async (step, steps, loss) => {
    const minutes = ((performance.now() - start) / 60_000).toFixed(1);
    console.log(`step ${step} of ${steps}: loss ${loss.toFixed(4)} (${minutes} minutes)`);
    if (step % 250 > 0 && step < steps) return;
    const seeds = Array.from({ length: validationScans.count }, (_, i) => validationScans.first + i);
    const { iou, meanIou } = await scoreNetwork(
      network,
      seeds.map((seed) => store.get(seed)),
    );
    console.log(
      `validation mIoU ${meanIou.toFixed(3)}: ${iou.map((value, label) => `${labels[label]} ${value?.toFixed(3)}`).join(', ')}`,
    );
  });
  await writeMeasuredPack(packFolder, network, options.real === undefined ? null : readSemanticKitti(options.real));
}
