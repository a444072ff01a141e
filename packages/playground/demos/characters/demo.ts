import { Shakespeare } from '@tfjs-sparse/shakespeare-topk';
import { ShakespeareSae } from '@tfjs-sparse/shakespeare-sae';
import type { Demo } from '../../src/demo.js';
import { FeatureModel } from './feature-model.js';
import { configIn, fitOf, readTaskFile } from './read-task-file.js';
import { samplePassages } from './sample-passages.js';
import type { Outcome, Task } from './tasks.js';

export const demo: Demo<Task, Outcome> = {
  order: 6,
  about: {
    title: 'Characters',
    headline: 'Features of a character model',
    introduction:
      'A small transformer reads Shakespeare character by character; a sparse autoencoder takes its activations apart ' +
      'into features, of which about 16 are active at a character. Both run in a worker of this page. Type a text, pick a ' +
      'character, then a feature: see where it is active, read its strongest examples, and turn it up while the network ' +
      'writes.',
    samplesButton: 'Another text',
    openButton: 'Open a text or an autoencoder…',
    filesHint: 'texts as .txt; autoencoders of four libraries as .safetensors with their cfg.json',
    accept: '.txt,.safetensors,.json',
  },
  packs: ['shakespeare-topk', 'shakespeare-sae', 'shakespeare-sae/batchtopk'],
  warmUpMs: 0, // what is timed warms itself up

  fit: async (file) => fitOf(file),
  read: async (file, options) => [readTaskFile(file, configIn(options))],

  samples(set) {
    const { title, text } = samplePassages[set % samplePassages.length];
    return [{ task: 'read', name: `${title} (${set + 1})`, text, kind: 'topk' }];
  },

  open: ([network, topk, batchtopk]) =>
    new FeatureModel(new Shakespeare(network), {
      topk: new ShakespeareSae(topk),
      batchtopk: new ShakespeareSae(batchtopk),
    }),
};
