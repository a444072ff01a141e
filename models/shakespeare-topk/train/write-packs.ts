import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import { loadShakespeare } from '@tfjs-sparse/shakespeare-topk';
import { longArchitecture } from './architecture.js';
import { modelCard } from './model-card.js';
import type { Kind } from './network.js';
import type { Text } from './text.js';
import { bitsOf, writeMeasuredPack } from './write-measured-pack.js';

const sampleSettings = { length: 300, temperature: 0.8, seed: 1 };

/** Writes the packs, the one with top-k MLPs into `folder` itself, and the model card. */
export async function writePacks(
  folder: string,
  text: Text,
  networks: Readonly<Record<Kind, tf.LayersModel>>,
): Promise<void> {
  const packs = {
    topk: await writeMeasuredPack(folder, networks.topk, 'topk', text),
    dense: await writeMeasuredPack(join(folder, 'dense'), networks.dense, 'dense', text),
    window: await writeMeasuredPack(join(folder, 'window'), networks.window, 'window', text),
  };
  const long = await bitsOf(networks.long, text, longArchitecture.context);
  const shakespeare = await loadShakespeare({ source: folder });
  const sample = await shakespeare.generate('ROMEO:\n', sampleSettings);
  shakespeare.dispose();
  const template = readFileSync(join(folder, 'train/card.md'), 'utf8');
  writeFileSync(join(folder, 'README.md'), modelCard(packs, long, text, sample, template));
}
