import { fileError } from './require-file.js';

/** The text of a file: UTF-16 behind its byte order mark, else UTF-8; null where the bytes are neither. */
export function decodedText(contents: Uint8Array): string | null {
  try {
    return new TextDecoder(encodingOf(contents), { fatal: true }).decode(contents);
  } catch {
    return null;
  }
}

/** @throws RangeError where the bytes are no text */
export function requireText(contents: Uint8Array): string {
  const text = decodedText(contents);
  const rule = 'a text must be UTF-8, or UTF-16 with a byte order mark (save it as UTF-8)';
  if (text === null) throw fileError(rule, 'bytes of another encoding');
  if (text.includes('\0')) throw fileError(rule, 'bytes that are 0');
  return text;
}

/** The beginning of a file as text, whatever it is: what cannot be read are replacement characters. */
export function beginningOf(contents: Uint8Array): string {
  return new TextDecoder(encodingOf(contents)).decode(contents.subarray(0, 4096));
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
