import type { Demo, Item } from '../../src/demo.js';
import { numbered } from '../../src/files/numbered.js';
import { ClothingComparison, type Comparison } from './clothing-classifier.js';
import { isImageFile, readImages } from './read-images.js';
import { sampleImages } from './sample-images.js';

export interface Clothing extends Item {
  /** uint8 `[28 * 28]`, background 0 */
  readonly pixels: Uint8Array;
}

export const demo: Demo<Clothing, Comparison> = {
  order: 3,
  about: {
    title: 'Clothing',
    headline: 'Sparse beside dense',
    introduction:
      'Two networks of one architecture name the clothing on an image of 28 × 28 pixels. Of the sparse one 90 % of the ' +
      'weights of the 1 × 1 convolutions are gone. Both run in turns in a worker of this page; the samples are drawn by ' +
      'the page, the networks learned from Fashion-MNIST.',
    samplesButton: 'Draw other clothes',
    openButton: 'Open images…',
    filesHint: '28 × 28 images as idx (Fashion-MNIST, also gzipped) or PNG, on black',
    accept: '.gz,.png,.idx,*',
  },
  packs: ['fashion-mobilenet-90', 'fashion-mobilenet-90/dense'],
  warmUpMs: 800,

  fit: async ({ contents }) => ((await isImageFile(contents)) ? 'surely' : 'no'),

  async read({ name, contents }) {
    return numbered(name, await readImages(contents), (pixels) => ({ pixels }));
  },

  samples: (set) =>
    sampleImages(100 * (set + 1)).map(({ label, pixels }) => ({ name: `drawn ${label} ${set + 1}`, pixels })),

  open: ([sparse, dense]) => {
    const comparison = new ClothingComparison(sparse, dense);
    return { run: ({ pixels }) => comparison.classify(pixels) };
  },
};
