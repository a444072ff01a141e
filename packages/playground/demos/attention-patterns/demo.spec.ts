import { setBackend } from '@tensorflow/tfjs-core';
import { describeDemo } from '../../src/worker/demo-fixture.spec.js';
import { demo } from './demo.js';
import { measurePattern } from './measure-pattern.js';
import { plainSettings } from './settings.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the attention demo', () => {
  describeDemo('attention-patterns', demo, {
    file: { name: 'window.json', contents: bytes('{"tokens": 256, "left": 16}') },
    refused: {
      file: { name: 'window.json', contents: bytes('{"tokens": 100}') },
      message: /^tokens must be 256 to 4,096, a multiple of 64, got 100$/,
    },
  });

  it('leaves other JSON files to other demos', async () => {
    for (const text of ['{"k": 32}', '[1]', 'no JSON'])
      expect(await demo.fit({ name: 'cfg.json', contents: bytes(text) })).toBe('no');
  });

  for (const backend of ['cpu', 'wasm']) {
    it(`measures both ways on ${backend} and finds them alike`, async () => {
      await setBackend(backend);
      const settings = { ...plainSettings, tokens: 320, heads: 2, left: 9, sinks: 2, blocks: 20, causal: true };
      const { device, sparse, dense, difference } = await measurePattern(settings);
      expect(device).toBe(backend);
      expect(Math.min(sparse.runs, dense.runs)).toBeGreaterThanOrEqual(1);
      expect(Math.min(sparse.ms, dense.ms)).toBeGreaterThan(0);
      expect(difference.tokens).toBe(320);
      expect(difference.largest).toBeLessThan(1e-5); // sums of 64 products, shares of up to 320 keys
      await setBackend('cpu');
    });
  }
});
