import * as tf from '@tensorflow/tfjs';
import { readCheckpoint, writeCheckpoint } from '@tfjs-sparse/training/checkpoint';
import type { Shakespeare } from '@tfjs-sparse/shakespeare-topk';
import { residualBlock } from '@tfjs-sparse/shakespeare-sae';
import type { buildAutoencoder } from './autoencoder.js';
import type { Recipe } from './recipe.js';
import { drawnStarts, inDrawnOrder, residualsAt } from './residuals.js';

/** Trains by `fit`, an epoch of new rows at a time; resumes from `checkpointFolder` and saves there after every epoch. */
export async function fitAutoencoder(
  { layer, model }: ReturnType<typeof buildAutoencoder>,
  shakespeare: Shakespeare,
  text: Int32Array,
  recipe: Recipe,
  checkpointFolder: string,
  onEpochEnd: (epoch: number, loss: number) => void,
): Promise<void> {
  const { epochs, rowsPerEpoch, batchSize, learningRate, seed } = recipe;
  const { context, width } = shakespeare;
  const optimizer = tf.train.adam(learningRate);
  model.compile({ optimizer, loss: layer.loss });
  const done = await readCheckpoint(model, optimizer, checkpointFolder);
  for (let epoch = done; epoch < epochs; epoch++) {
    const drawn = seed * 1000 + epoch;
    const starts = drawnStarts(rowsPerEpoch / context, context, text, drawn);
    const rows = inDrawnOrder(await residualsAt(shakespeare, residualBlock, text, starts), width, drawn);
    const x = tf.tensor2d(rows, [rowsPerEpoch, width]);
    Object.assign(optimizer, { learningRate: learningRate * Math.min(1, (2 * (epochs - epoch)) / epochs) }); // the second half falls
    const { history } = await model.fit(x, x, { batchSize, epochs: 1, shuffle: false, verbose: 0 });
    x.dispose();
    await writeCheckpoint(model, optimizer, checkpointFolder, epoch + 1);
    onEpochEnd(epoch + 1, history.loss[0] as number);
  }
  optimizer.dispose();
}
