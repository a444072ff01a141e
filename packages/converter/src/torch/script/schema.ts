import { schemaText } from './schemas.js';

export interface Argument {
  readonly name: string;
  /** `T`, `n`, `b`, `s` or `o`, of a list with `[]`; `?` for None too. */
  readonly kind: string;
  readonly isOptional: boolean;
  readonly isByName: boolean;
}

export interface Overload {
  readonly name: string;
  readonly args: readonly Argument[];
}

let parsed: ReadonlyMap<string, readonly Overload[]> | undefined;

/** The overloads of an op of ATen, by its name without one. */
export function overloadsOf(op: string): readonly Overload[] | undefined {
  return (parsed ??= parse()).get(op);
}

function parse(): Map<string, Overload[]> {
  const records = schemaText.replace(/\s+/g, ' ').matchAll(/(\w+)\((.*?)\);/g);
  return new Map(Array.from(records, ([, op, text]) => [op, text.split(' | ').map(overloadOf)]));
}

function overloadOf(text: string): Overload {
  const [, name, list] = /^(\w*): ?(.*)$/.exec(text)!;
  const parts = list === '' ? [] : list.split(', ');
  const star = parts.indexOf('*');
  const args = parts.flatMap((part, i) => {
    if (part === '*') return [];
    const [kind, argument] = part.split(' ');
    const isOptional = argument.endsWith('=');
    return [{ name: argument.replace('=', ''), kind, isOptional, isByName: star >= 0 && i > star }];
  });
  return { name, args };
}
