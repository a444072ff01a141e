import { knownText, unknownHint } from './known-text.js';

describe('knownText', () => {
  const alphabet = "\n '-abc";

  it('keeps what the alphabet has, and writes signs of books in it', () => {
    expect(knownText('ab\r\nc’a–b', alphabet)).toEqual({ text: "ab\nc'a-b", unknown: [], unknownCount: 0 });
  });

  it('puts a space for other characters, and names each once', () => {
    expect(knownText('aé7😀éb', alphabet)).toEqual({ text: 'a    b', unknown: ['é', '7', '😀'], unknownCount: 4 });
  });

  it('says how many characters of a text are not known, and where that is most of them', () => {
    expect(unknownHint(knownText('abc', alphabet))).toBe('');
    expect(unknownHint(knownText('abc7', alphabet))).toBe(
      'The network knows 65 characters; 1 of 4 characters are others and became spaces: 7',
    );
    expect(unknownHint(knownText('Привет, a', alphabet))).toBe(
      'The network knows 65 characters; 7 of 9 characters are others and became spaces, so that little of the text is left: П р и в е т ,',
    );
  });
});
