import { settingsOfJson, settingsOfText } from './read-settings.js';
import { seenBlocks, turnBlock } from './seen-blocks.js';
import { plainSettings } from './settings.js';
import { edgeNear, withEdgeAt } from './window-edges.js';

describe('settings of attention patterns', () => {
  it('are read from a line and from JSON, the others plain', () => {
    const expected = { ...plainSettings, tokens: 2048, left: 128, causal: true };
    expect(settingsOfText('tokens=2048, left=128,causal')).toEqual(expected);
    expect(settingsOfJson('{"tokens": 2048, "left": 128, "causal": true}')).toEqual(expected);
    expect(settingsOfJson('{"left": 16}')).toEqual({ ...plainSettings, left: 16 });
    expect(settingsOfText('causal=false')).toEqual(plainSettings);
  });

  it('say which one does not fit', () => {
    for (const [text, message] of [
      ['tokens=300', 'tokens must be 256 to 4,096, a multiple of 64, got 300'],
      ['left=-1', 'left must be 0 to 4,095, got -1'],
      ['sinks', 'sinks must be 0 to 256, got nothing'],
      ['causal=maybe', 'causal must be true or false, got maybe'],
      ['window=3', /^settings must be among tokens, heads, .*, got window$/],
    ] as const)
      expect(() => settingsOfText(text)).toThrowError(RangeError, message);
    expect(() => settingsOfJson('{"tokens": 256, "turned": [[0, -1]]}')).toThrowError(
      'turned must be a list of [row, column] of blocks, got [[0,-1]]',
    );
    for (const text of ['[1]', '{"k": 32, "seed": 1}', '{"tokens": 256'])
      expect(() => settingsOfJson(text)).toThrowError(
        RangeError,
        /^settings of a pattern must be a JSON object with some of tokens, heads, left, right, .*turned, got [[{]/,
      );
  });

  it('keep the blocks that are on while the density rises', () => {
    const blocksAt = (blocks: number) => seenBlocks({ ...plainSettings, blocks }).map((list) => new Set(list));
    const counts = [0, 20, 60, 100].map((percent) => blocksAt(percent).reduce((sum, { size }) => sum + size, 0));
    expect([counts[0], counts[3]]).toEqual([0, 256]);
    expect(counts[1] / 256).toBeCloseTo(0.2, 1);
    blocksAt(20).forEach((list, row) => expect([...list].every((block) => blocksAt(60)[row].has(block))).toBeTrue());
  });

  it('turn a block on, and off again', () => {
    const on = turnBlock(plainSettings, [2, 5]);
    expect(seenBlocks(on)[2]).toEqual([5]);
    expect(turnBlock(on, [2, 5])).toEqual(plainSettings);
  });

  it('follow an edge of the window that is dragged, within the sequence', () => {
    const settings = { ...plainSettings, left: 100, right: 50 };
    expect(edgeNear(settings, { query: 500, key: 405 }, 10)).toBe('left');
    expect(edgeNear(settings, { query: 500, key: 545 }, 10)).toBe('right');
    expect(edgeNear(settings, { query: 500, key: 475 }, 10)).toBeNull();
    expect(edgeNear({ ...settings, causal: true }, { query: 500, key: 550 }, 10)).toBeNull();
    expect(edgeNear(plainSettings, { query: 500, key: 499 }, 10)).toBe('left'); // both edges are at the query
    expect(edgeNear(plainSettings, { query: 500, key: 501 }, 10)).toBe('right');
    expect(withEdgeAt(settings, 'left', { query: 500, key: 300 }).left).toBe(200);
    expect(withEdgeAt(settings, 'left', { query: 500, key: 600 }).left).toBe(0);
    expect(withEdgeAt(settings, 'right', { query: 500, key: 1023 }).right).toBe(523);
  });
});
