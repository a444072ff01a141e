import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import type { recipe } from './architecture.js';
import type { FashionData } from './images.js';
import { modelCard } from './model-card.js';
import { writeMeasuredPack } from './write-measured-pack.js';

/** Writes the three packs, the main one into `folder` itself, and the model card. */
export async function writePacks(
  folder: string,
  data: FashionData,
  networks: Readonly<Record<keyof typeof recipe, tf.LayersModel>>,
): Promise<void> {
  const packs = {
    sparse: await writeMeasuredPack(
      folder,
      networks.sparse,
      {
        name: 'fashion-mobilenet-90',
        description: 'A small MobileNet for Fashion-MNIST, 90 % of the weights of its 1 x 1 convolutions pruned.',
        isSparse: true,
      },
      data,
    ),
    nm: await writeMeasuredPack(
      join(folder, 'nm'),
      networks.nm,
      {
        name: 'fashion-mobilenet-nm',
        description: 'A small MobileNet for Fashion-MNIST, 2 of every 4 weights of its 1 x 1 convolutions kept.',
        isSparse: true,
      },
      data,
    ),
    dense: await writeMeasuredPack(
      join(folder, 'dense'),
      networks.dense,
      {
        name: 'fashion-mobilenet-dense',
        description: 'A small MobileNet for Fashion-MNIST: what its sparse forms are compared with.',
        isSparse: false,
      },
      data,
    ),
  };
  writeFileSync(join(folder, 'README.md'), modelCard(packs, data, readFileSync(join(folder, 'train/card.md'), 'utf8')));
}
