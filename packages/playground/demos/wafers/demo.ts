import { waferSide, type WaferGrid } from '@tfjs-sparse/wafer-sscn';
import type { Demo, Item } from '../../src/demo.js';
import { numbered } from '../../src/files/numbered.js';
import { mayHaveWafers, readWafers } from './files/read-wafers.js';
import { sampleWafers } from './sample-wafers.js';
import { openClassifier, type Classification } from './wafer-classifier.js';

export interface Wafer extends Item {
  readonly map: WaferGrid;
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
    filesHint: 'maps of any size as idx, PNG or CSV, also gzipped',
    accept: '.gz,.png,.csv,.txt,.idx,*',
  },
  packs: ['wafer-sscn'],
  warmUpMs: 800,

  fit: async ({ contents }) => ((await mayHaveWafers(contents)) ? 'perhaps' : 'no'),

  async read({ name, contents }) {
    return numbered(name, await readWafers(contents), (map) => ({ map }));
  },

  samples(set) {
    const seed = firstSeed + 1000 * set;
    return sampleWafers(samplesPerClass, seed).map(({ label, map }, i) => ({
      name: `sample ${label} ${set * samplesPerClass + (i % samplesPerClass) + 1}`,
      map: { height: waferSide, width: waferSide, values: map },
    }));
  },

  open: ([pack]) => openClassifier(pack),
};
