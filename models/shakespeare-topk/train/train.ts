import { parseArgs } from 'node:util';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { architecture, longArchitecture, longRecipe, recipe } from './architecture.js';
import { fitNetwork } from './fit-network.js';
import { bitsPerCharacter } from './loss.js';
import { buildNetwork, type Kind } from './network.js';
import { readText, type Text } from './text.js';
import { writePacks } from './write-packs.js';

const here = dirname(fileURLToPath(import.meta.url));
const packFolder = join(here, '../..');
const checkpoints = join(packFolder, 'train/checkpoints');

const help = `npm run train -w models/shakespeare-topk -- [options]

Trains the network with top-k MLPs and the dense one, and two of a longer context, one of them with attention within a
window; then writes the packs.
Every step resumes where it was stopped.

  --data FOLDER     folder that holds text/tinyshakespeare.txt (default ../shared/data)
  --only STEP       topk, dense, window, long or pack
  --help`;

/** Trains one network, or finishes a training that was stopped. */
async function train(kind: Kind, { training, validation }: Text): Promise<tf.LayersModel> {
  const isLong = kind === 'window' || kind === 'long';
  const [size, how] = isLong ? [longArchitecture, longRecipe] : [architecture, recipe];
  const network = buildNetwork(kind, size, how.seed);
  const { context } = size;
  let start = Date.now();
  await fitNetwork(network, training, context, how, join(checkpoints, kind), async (epoch, loss) => {
    const seconds = Math.round((Date.now() - start) / 1000);
    const watched = await bitsPerCharacter(network, validation.subarray(0, 4096 + 1), context);
    const bits = [loss / Math.LN2, watched].map((value) => value.toFixed(3));
    console.log(
      `${kind} ${epoch * how.stepsPerEpoch}: ${bits[0]} bits per character, validation ${bits[1]}, ${seconds} s`,
    );
    start = Date.now();
  });
  return network;
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
  const text = readText(options.data);
  const does = (step: Kind | 'pack') => options.only === undefined || options.only === step;
  for (const kind of ['topk', 'dense', 'window', 'long'] as const) if (does(kind)) (await train(kind, text)).dispose();
  if (does('pack')) {
    const networks = {
      topk: await train('topk', text),
      dense: await train('dense', text),
      window: await train('window', text),
      long: await train('long', text),
    };
    await writePacks(packFolder, text, networks);
  }
}
