import { violation } from '@tfjs-sparse/core';
import { FormatError, requireFormat } from '../format-error.js';
import { elementwise } from './elementwise.js';
import { reshape, transpose, unsqueeze } from './layout.js';
import { matMul } from './products.js';
import { reduce } from './reductions.js';
import type { TensorBuilder } from './tensor-builder.js';
import { plainOrder, type Length, type Value } from './value.js';

/** A tensor whose axes have letters. */
interface Lettered {
  readonly value: Value;
  readonly letters: string;
}

/**
 * `numpy.einsum` without repeated letters in one operand: pairs of operands by one product of batches each.
 *
 * @throws FormatError for an equation that does not fit the operands
 */
export function einsum(builder: TensorBuilder, equation: string, operands: readonly Value[]): Value {
  const [left, right] = equation.replace(/\s/g, '').split('->');
  const given = withoutEllipsis(left.split(','), operands);
  const terms = given.map((letters, i) => ({ letters, value: operands[i] }));
  const isFitting = terms.length === operands.length && terms.every(({ letters, value }) => letters.length === value?.shape.length && new Set(letters).size === letters.length); // prettier-ignore
  requireFormat(isFitting, 'convert', 'an equation of einsum must name each axis of its operands once', equation);
  const dots = [...new Set(given.join(''))].filter((letter) => letter < 'A').join('');
  const implicit = [...new Set(given.join(''))].filter((letter) => letter >= 'A' && given.join('').split(letter).length === 2); // prettier-ignore
  const result = right === undefined ? dots + implicit.sort().join('') : right.replace('...', dots);
  let [sum, ...rest] = terms;
  for (; rest.length > 0; rest = rest.slice(1)) {
    const later = result + rest.slice(1).map(({ letters }) => letters).join(''); // prettier-ignore
    sum = contract(builder, sum, rest[0], later);
  }
  return toLetters(builder, summed(builder, sum, result), result);
}

/** Digits stand for the axes of an ellipsis, the last of them the highest. */
function withoutEllipsis(terms: readonly string[], operands: readonly Value[]): string[] {
  const count = (term: string, i: number) => (operands[i]?.shape.length ?? 0) - term.replace('...', '').length;
  const most = Math.max(0, ...terms.map((term, i) => (term.includes('...') ? count(term, i) : 0)));
  if (most > 9)
    throw new FormatError(violation('convert', 'an ellipsis of einsum must stand for at most 9 axes', most));
  return terms.map((term, i) => term.replace('...', '0123456789'.slice(most - count(term, i), most)));
}

/** Sums over letters that nobody needs. */
function summed(builder: TensorBuilder, { value, letters }: Lettered, needed: string): Lettered {
  const axes = [...letters].flatMap((letter, axis) => (needed.includes(letter) ? [] : [axis]));
  if (axes.length === 0) return { value, letters };
  const kept = [...letters].filter((letter) => needed.includes(letter)).join('');
  return { value: reduce(builder, 'Sum', value, axes, false), letters: kept };
}

function toLetters(builder: TensorBuilder, { value, letters }: Lettered, wanted: string): Value {
  requireFormat([...wanted].every((letter) => letters.includes(letter)), 'convert', 'einsum must give letters of its operands', wanted); // prettier-ignore
  return transpose(builder, value, [...wanted].map((letter) => letters.indexOf(letter))); // prettier-ignore
}

function contract(builder: TensorBuilder, a: Lettered, b: Lettered, later: string): Lettered {
  const [left, right] = [summed(builder, a, b.letters + later), summed(builder, b, a.letters + later)];
  const both = [...left.letters].filter((letter) => right.letters.includes(letter));
  const batch = both.filter((letter) => later.includes(letter));
  const inner = both.filter((letter) => !later.includes(letter));
  const rows = [...left.letters].filter((letter) => !both.includes(letter));
  const columns = [...right.letters].filter((letter) => !both.includes(letter));
  if (inner.length === 0) return outer(builder, left, right);
  const lengthOf = (letter: string): Length => {
    const [ofLeft, ofRight] = [left, right].map(({ letters, value }) => value.shape[letters.indexOf(letter)] ?? 1);
    return ofLeft === 1 ? ofRight : ofLeft;
  };
  const product = (letters: readonly string[]) =>
    letters.reduce<Length>((count, letter) => builder.times(count, lengthOf(letter)), 1);
  const lengths = batch.map(lengthOf);
  const x = reshape(builder, toLetters(builder, left, [...batch, ...rows, ...inner].join('')), [...lengths, product(rows), product(inner)]); // prettier-ignore
  const y = reshape(builder, toLetters(builder, right, [...batch, ...inner, ...columns].join('')), [...lengths, product(inner), product(columns)]); // prettier-ignore
  const made = [...batch, ...rows, ...columns];
  return { value: reshape(builder, matMul(builder, x, y), made.map(lengthOf)), letters: made.join('') };
}

/** No letter is summed over: each element of one times each of the other that has the same letters. */
function outer(builder: TensorBuilder, left: Lettered, right: Lettered): Lettered {
  const letters = [...left.letters, ...[...right.letters].filter((letter) => !left.letters.includes(letter))].join('');
  const spread = ({ value, letters: own }: Lettered) => {
    const sorted = toLetters(builder, { value, letters: own }, [...letters].filter((letter) => own.includes(letter)).join('')); // prettier-ignore
    return unsqueeze(builder, sorted, plainOrder(letters.length).filter((axis) => !own.includes(letters[axis]))); // prettier-ignore
  };
  return { value: elementwise(builder, 'Mul', [spread(left), spread(right)]), letters };
}
