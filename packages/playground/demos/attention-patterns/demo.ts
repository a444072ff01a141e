import type { Demo } from '../../src/demo.js';
import { decodedText, requireText } from '../../src/files/decoded-text.js';
import { measurePattern, type Measurement } from './measure-pattern.js';
import { looksLikeSettings, settingsOfJson } from './read-settings.js';
import { samplePatterns } from './sample-patterns.js';
import type { Pattern } from './settings.js';

export const demo: Demo<Pattern, Measurement> = {
  order: 4, // before characters, which take every .json file
  about: {
    title: 'Attention patterns',
    headline: 'Attention patterns',
    introduction:
      'Which keys each query sees, what that costs, and how long it takes here: move the controls or drag an edge of the ' +
      'window in the picture. Times are measured in a worker of this page once the controls rest.',
    samplesButton: 'Another pattern',
    openButton: 'Open settings…',
    filesHint: 'settings of a pattern as .json',
    accept: '.json',
  },
  packs: [],
  warmUpMs: 0, // what is timed warms itself up

  fit: async ({ name, contents }) =>
    /\.json$/i.test(name) && looksLikeSettings(decodedText(contents) ?? '') ? 'surely' : 'no',

  read: async ({ name, contents }) => [
    { name, settings: settingsOfJson(requireText(contents)), source: { file: name, index: 0 } },
  ],

  samples: samplePatterns,

  open: () => ({ run: ({ settings }) => measurePattern(settings) }),
};
