import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { labels } from '@tfjs-sparse/wafer-sscn';
import { progressBar } from '@tfjs-sparse/layers/progress-bar';
import { architecture, recipe } from './architecture.js';
import { denseSample, sparseSample, waferDataset, type SampleOf } from './dataset.js';
import { fitNetwork, type Recipe } from './fit-network.js';
import { buildNetwork } from './network.js';
import { writeMeasuredPack } from './write-measured-pack.js';
import { readWafers, splitWafers, type Split, type Wafers } from './wafers.js';

const here = dirname(fileURLToPath(import.meta.url));
const packFolder = join(here, '../..');
const checkpoints = join(packFolder, 'train/checkpoints');

const help = `npm run train -w models/wafer-sscn -- [options]

Trains the sparse network, its dense twin and one network without each class, then writes the pack.
Every step resumes where it was stopped.

  --data FOLDER     folder that holds wafer-wm811k (default ../shared/data)
  --only STEP       sparse, dense, open-set or pack
  --help`;

/** Trains one network, or finishes a training that was stopped. */
async function train(
  name: string,
  wafers: Wafers,
  members: readonly number[],
  sampleOf: SampleOf,
  trainingRecipe: Recipe,
): Promise<tf.LayersModel> {
  const network = buildNetwork(architecture, trainingRecipe.seed);
  const dataset = waferDataset(wafers, members, sampleOf, trainingRecipe.seed);
  const classes = members.map((member) => wafers.classes[member]);
  const folder = join(checkpoints, name);
  await fitNetwork(network, dataset, classes, labels.length, trainingRecipe, folder, [progressBar(name)]);
  return network;
}

/** The network that never saw `label` and, for its card entry, the recipe that all of these share. */
function withoutClass(label: number, wafers: Wafers, split: Split): Promise<tf.LayersModel> {
  const members = split.training.filter((member) => wafers.classes[member] !== label);
  return train(`without-${label}`, wafers, members, sparseSample, recipe.openSet);
}

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: join(packFolder, '../../../shared/data') },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(help);
} else {
  setWasmPaths(join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')), '/'));
  await tf.setBackend('wasm');
  const wafers = readWafers(options.data);
  const split = splitWafers(wafers.classes);
  const does = (step: string) => options.only === undefined || options.only === step;
  if (does('sparse')) (await train('sparse', wafers, split.training, sparseSample, recipe.classifier)).dispose();
  if (does('dense')) (await train('dense', wafers, split.training, denseSample, recipe.classifier)).dispose();
  if (does('open-set')) {
    for (const label of labels.keys()) (await withoutClass(label, wafers, split)).dispose();
  }
  if (does('pack')) {
    await writeMeasuredPack(packFolder, wafers, split, {
      sparse: await train('sparse', wafers, split.training, sparseSample, recipe.classifier),
      dense: await train('dense', wafers, split.training, denseSample, recipe.classifier),
      withoutClass: (label) => withoutClass(label, wafers, split),
    });
  }
}
