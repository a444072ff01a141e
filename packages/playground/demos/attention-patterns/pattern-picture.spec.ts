import { maskOfPattern } from '@tfjs-sparse/window-attention';
import { codeText } from './code-text.js';
import { markKeys } from './mark-keys.js';
import { maskPattern } from './mask-pattern.js';
import { samplePatterns } from './sample-patterns.js';
import { plainSettings, type Settings } from './settings.js';
import { multiplications, tallyMask } from './tally-mask.js';

const of = (parts: Partial<Settings>): Settings => ({ ...plainSettings, tokens: 256, ...parts });

describe('the picture of an attention pattern', () => {
  const cases: Record<string, Settings> = {
    'a query alone': of({}),
    'a window beyond both ends': of({ left: 300, right: 255 }),
    'a dilated window whose width is no multiple': of({ left: 21, right: 10, dilation: 4 }),
    'a causal window with a right edge': of({ left: 5, right: 9, causal: true }),
    'all parts': of({ left: 7, right: 3, sinks: 5, stripes: 3, stride: 50, blocks: 30, turned: [[1, 3]] }),
    'all parts, causal': of({ left: 7, sinks: 5, stripes: 3, stride: 50, blocks: 30, causal: true }),
    ...Object.fromEntries(samplePatterns(3).map(({ name, settings }) => [name, { ...settings, tokens: 320 }])),
  };
  for (const [name, settings] of Object.entries(cases)) {
    it(`shows the keys that the library sees: ${name}`, () => {
      const { tokens } = settings;
      const pattern = maskPattern(settings);
      const mask = maskOfPattern(pattern);
      let pairs = 0;
      for (let query = 0; query < tokens; query++) {
        const expected = new Uint8Array(tokens);
        const place = { query, position: query, queries: tokens, keys: tokens, batch: 0, head: 0 };
        for (const [first, end] of mask.visibleKeys(place)) expected.fill(1, Math.max(0, first), Math.max(0, end));
        const row = new Uint8Array(tokens);
        markKeys(pattern, query, row);
        expect(row).withContext(`query ${query}`).toEqual(expected);
        pairs += expected.reduce((sum, isSeen) => sum + isSeen, 0);
      }
      for (const cellSize of [1, 3, 64]) expect(tallyMask(pattern, tokens, cellSize).pairs).toBe(pairs);
    });
  }

  it('counts the pairs of each cell and those of the panels of kernels', () => {
    const stripe = maskPattern(of({ stripes: 1 })); // the diagonal and key 128
    const { counts, cells, pairs, panelPairs } = tallyMask(stripe, 256, 64);
    expect([cells, pairs]).toEqual([4, 511]);
    expect([...counts]).toEqual([64, 0, 64, 0, 0, 64, 64, 0, 0, 0, 127, 0, 0, 0, 64, 64]);
    // Of 32 panels of 8 queries two fours of the diagonal and one of the stripe, which is in the diagonal's once.
    expect(panelPairs).toEqual({ wasm: (32 * 3 - 1) * 32, webgpu: (4 * 65 - 1) * 64 });
    expect(multiplications(pairs, of({ heads: 3 }))).toBe(2 * 511 * 64 * 3);
  });

  it('says the calls that make the mask', () => {
    expect(codeText(maskPattern(of({ left: 63, sinks: 4, blocks: 100, causal: true })))).toBe(
      `const mask = causalMask(maskUnion(
  slidingWindow({ left: 63 }),
  sinkTokens({ count: 4 }),
  blockLists({ blockSize: 64, lists }),
));
const y = blockSparseAttention(q, k, v, mask);`,
    );
  });
});
