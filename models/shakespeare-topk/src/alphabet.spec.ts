import { alphabet, characterIndices } from './alphabet.js';

describe('characterIndices', () => {
  it('gives places in the alphabet', () => {
    expect(alphabet.length).toBe(65);
    expect(characterIndices('\n z')).toEqual(Int32Array.of(0, 1, 64));
  });

  it('names a character that is not in it', () => {
    expect(() => characterIndices('To bé')).toThrowError(
      RangeError,
      'characterIndices: every character must be one of the alphabet, got "é"',
    );
  });

  it('refuses what is no text', () => {
    for (const [text, got] of [
      [undefined, 'undefined'],
      [['To'], 'an array of string'],
    ])
      expect(() => characterIndices(text as never)).toThrowError(
        TypeError,
        `characterIndices: text must be a string, got ${got}`,
      );
  });
});
