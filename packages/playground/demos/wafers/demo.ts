import type { Demo, Item } from '../../src/demo.js';
import { numbered } from '../../src/files/numbered.js';
import { readWafers } from './files/read-wafers.js';
import { sampleWafers } from './sample-wafers.js';
import { openClassifier, type Classification } from './wafer-classifier.js';

export interface Wafer extends Item {
  /** uint8 `[64 * 64]`: 0 outside of the wafer, 1 pass, 2 fail */
  readonly map: Uint8Array;
}

const samplesPerClass = 2;
const firstSeed = 811;

export const demo: Demo<Wafer, Classification> = {
  order: 1,
  about: {
    title: 'Wafer maps',
    headline: 'Wafer-map defects',
    introduction:
      'A sparse network reads the failing dies of each wafer (<span class="key fail"></span>) and nothing else. It ' +
      'runs in a worker of this page. The small pictures show the sites on which its layers work, from full ' +
      'resolution down.',
    samplesButton: 'Draw other wafers',
    openButton: 'Open wafer maps…',
    filesHint: '64 × 64 maps as idx, PNG or CSV, also gzipped',
    accept: '.gz,.png,.csv,.txt,.idx,*',
  },
  packs: ['wafer-sscn'],
  warmUpMs: 800,

  fit: async () => 'perhaps', // maps come in files of any name, as text too

  async read({ name, contents }) {
    return numbered(name, await readWafers(contents), (map) => ({ map }));
  },

  samples(set) {
    const seed = firstSeed + 1000 * set;
    return sampleWafers(samplesPerClass, seed).map(({ label, map }, i) => ({
      name: `sample ${label} ${set * samplesPerClass + (i % samplesPerClass) + 1}`,
      map,
    }));
  },

  open: ([pack]) => openClassifier(pack),
};
