import { knownText } from './known-text.js';

describe('knownText', () => {
  const alphabet = "\n '-abc";

  it('keeps what the alphabet has, and writes signs of books in it', () => {
    expect(knownText('ab\r\nc’a–b', alphabet)).toEqual({ text: "ab\nc'a-b", unknown: [] });
  });

  it('puts a space for other characters, and names each once', () => {
    expect(knownText('aé7😀éb', alphabet)).toEqual({ text: 'a    b', unknown: ['é', '7', '😀'] });
  });
});
