import { kindOf, requireRange, requireType } from '@tfjs-sparse/core';

/** The characters that the networks know, in the order of their scores: those of the training text by code point. */
export const alphabet = "\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/**
 * The place in the alphabet of each character.
 *
 * @throws RangeError for a character that is not in it, TypeError for what is no text
 */
export function characterIndices(text: string): Int32Array {
  requireType(typeof text === 'string', 'characterIndices', 'text must be a string', kindOf(text));
  const characters = [...text];
  const indices = Int32Array.from(characters, (character) => alphabet.indexOf(character));
  const unknown = indices.indexOf(-1);
  requireRange(
    unknown < 0,
    'characterIndices',
    'every character must be one of the alphabet',
    JSON.stringify(characters[unknown]),
  );
  return indices;
}
