import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { architectures, recipe, validationClouds } from './architecture.js';
import { fitNetwork } from './fit-network.js';
import { buildNetwork } from './network.js';
import { accuracy } from './quality.js';
import { predictLabels } from './run-network.js';
import { writePacks } from './write-packs.js';

type Kind = keyof typeof architectures;

const kinds = Object.keys(architectures) as Kind[];
const packFolder = join(dirname(fileURLToPath(import.meta.url)), '../..');
const checkpoints = join(packFolder, 'train/checkpoints');

const help = `npm run train -w models/shapes-flatformer -- [options]

Trains both networks on clouds that are drawn as they are needed, then writes the packs. Resumes where it was stopped.

  --only STEP   ${kinds.join(', ')} or packs
  --help`;

async function train(kind: Kind): Promise<tf.LayersModel> {
  const network = buildNetwork(architectures[kind], recipe.seed);
  const start = performance.now();
  await fitNetwork(network, recipe, join(checkpoints, kind), async (step, loss) => {
    const minutes = ((performance.now() - start) / 60_000).toFixed(1);
    console.log(`${kind}: step ${step} of ${recipe.steps}, loss ${loss.toFixed(4)} (${minutes} minutes)`);
    if (step % 500 > 0) return;
    const right = accuracy(await predictLabels(network, validationClouds));
    console.log(`validation accuracy ${(100 * right).toFixed(1)} %`);
  });
  return network;
}

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(help);
} else {
  setWasmPaths(join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')), '/'));
  await tf.setBackend('wasm');
  for (const kind of kinds) {
    if (options.only === undefined || options.only === kind) (await train(kind)).dispose();
  }
  if (options.only === undefined || options.only === 'packs') {
    await writePacks(packFolder, { flatFormer: await train('flatFormer'), convolution: await train('convolution') });
  }
}
