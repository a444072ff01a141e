import { parseArgs } from 'node:util';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tfjs-sparse/sparse-matmul/dense-gradients';
import { magnitudePruning, nmPruning, polynomialSchedule, srSte, type SparsityMethod } from '@tfjs-sparse/training';
import { accuracyOf } from './accuracy.js';
import { pattern, pruningEpochs, pruningFrequency, recipe, sparsity } from './architecture.js';
import { fitNetwork, type Pruning } from './fit-network.js';
import { readFashionData, type FashionData, type Images } from './images.js';
import { buildNetwork } from './network.js';
import { writePacks } from './write-packs.js';

const here = dirname(fileURLToPath(import.meta.url));
const packFolder = join(here, '../..');
const checkpoints = join(packFolder, 'train/checkpoints');

const help = `npm run train -w models/fashion-mobilenet-90 -- [options]

Trains the dense network, prunes it to 90 % zeros and to 2 of 4, then writes the packs.
Every step resumes where it was stopped.

  --data FOLDER     folder that holds fashion-mnist (default ../shared/data)
  --only STEP       dense, sparse, nm or pack
  --help`;

/** Prints a line per epoch, with the accuracy on images that are not trained on. */
function report(name: string, network: tf.LayersModel, images: Images): tf.CustomCallbackArgs {
  let start = Date.now();
  return {
    onEpochEnd: async (epoch, logs) => {
      const seconds = Math.round((Date.now() - start) / 1000);
      const shown = [logs!.loss.toFixed(4), logs!.acc.toFixed(4), accuracyOf(network, images).toFixed(4)];
      console.log(`${name} ${epoch + 1}: loss ${shown[0]}, accuracy ${shown[1]}, validation ${shown[2]}, ${seconds} s`);
      start = Date.now();
    },
  };
}

type Step = keyof typeof recipe;

/** Trains one network, or finishes a training that was stopped. */
async function train(step: Step, data: FashionData, pruning?: Pruning): Promise<tf.LayersModel> {
  const network = buildNetwork(recipe[step].seed);
  const callbacks = [report(step, network, data.validation)];
  await fitNetwork(network, data.training, recipe[step], join(checkpoints, step), callbacks, pruning);
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
  const data = readFashionData(options.data);
  const does = (step: Step | 'pack') => options.only === undefined || options.only === step;
  const dense = await train('dense', data);
  const pruned: Record<'sparse' | 'nm', Pruning> = {
    sparse: { method: gradualPruning, dense },
    nm: { method: () => nmPruning({ ...pattern, forward: srSte() }), dense },
  };
  for (const step of ['sparse', 'nm'] as const) {
    if (does(step)) (await train(step, data, pruned[step])).dispose();
  }
  if (does('pack')) {
    await writePacks(packFolder, data, {
      dense,
      sparse: await train('sparse', data, pruned.sparse),
      nm: await train('nm', data, pruned.nm),
    });
  }
}

function gradualPruning(stepsPerEpoch: number): SparsityMethod {
  const end = pruningEpochs * stepsPerEpoch;
  const schedule = polynomialSchedule({ final: sparsity, end, frequency: pruningFrequency });
  return magnitudePruning({ schedule, scope: 'global' });
}
