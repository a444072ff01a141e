import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { SaeKind } from '@tfjs-sparse/shakespeare-sae';
import { characterIndices, loadShakespeare } from '@tfjs-sparse/shakespeare-topk';
import { buildAutoencoder } from './autoencoder.js';
import { fitAutoencoder } from './fit-autoencoder.js';
import { recipe } from './recipe.js';
import { writePacks } from './write-packs.js';

const here = dirname(fileURLToPath(import.meta.url));
const packFolder = join(here, '../..');
const checkpoints = join(packFolder, 'train/checkpoints');
const [trainingShare, testShare] = [0.85, 0.1]; // as shakespeare-topk divides the text

const help = `npm run train -w models/shakespeare-sae -- [options]

Trains the autoencoders on the residual stream of the pack shakespeare-topk, then writes the packs.
Every step resumes where it was stopped.

  --data FOLDER     folder that holds text/tinyshakespeare.txt (default ../shared/data)
  --help`;

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: join(packFolder, '../../../shared/data') },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(help);
} else {
  setWasmPaths(join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')), '/'));
  await tf.setBackend('wasm');
  const text = characterIndices(readFileSync(join(options.data, 'text/tinyshakespeare.txt'), 'utf8'));
  const training = text.subarray(0, Math.floor(text.length * trainingShare));
  const test = text.subarray(Math.floor(text.length * (1 - testShare)));
  const shakespeare = await loadShakespeare();
  const train = async (kind: SaeKind): Promise<tf.LayersModel> => {
    const built = buildAutoencoder(kind, shakespeare.width, recipe);
    await fitAutoencoder(built, shakespeare, training, recipe, join(checkpoints, kind), (epoch, loss) => {
      console.log(`${kind} ${epoch} of ${recipe.epochs}: loss ${loss.toFixed(4)}`);
    });
    return built.model;
  };
  const models = { topk: await train('topk'), batchtopk: await train('batchtopk') };
  await writePacks(packFolder, models, shakespeare, test, recipe);
}
