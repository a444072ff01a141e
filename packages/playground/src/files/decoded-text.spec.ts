import { beginningOf, decodedText, requireText } from './decoded-text.js';

describe('decodedText', () => {
  const utf16 = (text: string, isLittle: boolean) => {
    const view = new DataView(new ArrayBuffer(2 * (text.length + 1)));
    [...`\uFEFF${text}`].forEach((character, i) => view.setUint16(2 * i, character.charCodeAt(0), isLittle));
    return new Uint8Array(view.buffer);
  };

  it('reads UTF-8, and UTF-16 behind its mark, without the mark', () => {
    const text = 'To bé';
    const files = [text, `\uFEFF${text}`].map((each) => new TextEncoder().encode(each));
    for (const contents of [...files, utf16(text, true), utf16(text, false)]) {
      expect(decodedText(contents)).toBe(text);
      expect(requireText(contents)).toBe(text);
      expect(beginningOf(contents)).toBe(text);
    }
  });

  const rule = 'a text must be UTF-8, or UTF-16 with a byte order mark (save it as UTF-8), got';
  it('does not read Latin-1 as if it were UTF-8', () => {
    const latin = Uint8Array.of(0x54, 0x6f, 0x20, 0x62, 0xe9);
    expect(decodedText(latin)).toBeNull();
    expect(() => requireText(latin)).toThrowError(RangeError, `${rule} bytes of another encoding`);
  });

  it('does not read UTF-16 without its mark as if it were UTF-8', () => {
    expect(() => requireText(utf16('To be', true).subarray(2))).toThrowError(RangeError, `${rule} bytes that are 0`);
  });

  it('does not take half a character of UTF-16 for a text', () => {
    expect(decodedText(utf16('To be', true).subarray(0, 5))).toBeNull();
  });
});
