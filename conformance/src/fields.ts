/** Reads a value that JSON holds; throws a RangeError that begins with `where` for one that the runner does not know. */
export type Field<T> = (value: unknown, where: string) => T;

/** A reader of every field of `A`. */
export type Fields<A> = { readonly [Name in keyof A]-?: Field<A[Name]> };

/**
 * The fields of a JSON object, checked.
 *
 * @param what names the object in errors: `layer 'down' (conv)`
 * @throws RangeError for a field that has no reader, and for a value that its reader refuses
 */
export function readFields<A extends object>(given: object, fields: Fields<A>, what: string): A {
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && !Object.hasOwn(fields, name)) {
      throw new RangeError(
        `golden: fields of ${what} must be among [${Object.keys(fields).join(', ')}], got '${name}'`,
      );
    }
  }
  const read: Partial<A> = {};
  for (const name in fields) read[name] = fields[name](Reflect.get(given, name), `golden: '${name}' of ${what}`);
  return read as A;
}

export const number: Field<number> = (value, where) => {
  if (typeof value !== 'number') throw refusal(where, 'a number', value);
  return value;
};

export const text: Field<string> = (value, where) => {
  if (typeof value !== 'string') throw refusal(where, 'a string', value);
  return value;
};

export const flag: Field<boolean> = (value, where) => {
  if (typeof value !== 'boolean') throw refusal(where, 'true or false', value);
  return value;
};

export function listOf<T>(field: Field<T>): Field<readonly T[]> {
  return (value, where) => {
    if (!Array.isArray(value)) throw refusal(where, 'a list', value);
    return value.map((each: unknown, index) => field(each, `${where}[${index}]`));
  };
}

export const numbers = listOf(number);

/** Two numbers. */
export const pair: Field<[number, number]> = (value, where) => {
  const [first, second, ...more] = numbers(value, where);
  if (second === undefined || more.length > 0) throw refusal(where, 'two numbers', value);
  return [first, second];
};

export function oneOf<T extends string | number | boolean | null>(...known: readonly T[]): Field<T> {
  return (value, where) => {
    const found = known.find((each) => each === value);
    if (found === undefined) throw refusal(where, known.map((each) => JSON.stringify(each)).join(' or '), value);
    return found;
  };
}

export function objectOf<A extends object>(fields: Fields<A>): Field<A> {
  return (value, where) => {
    if (typeof value !== 'object' || value === null) throw refusal(where, 'an object', value);
    return readFields(value, fields, where.replace(/^golden: /, ''));
  };
}

/** A field that may be absent. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return (value, where) => (value === undefined ? undefined : field(value, where));
}

/** A value of one of two kinds. */
export function either<A, B>(first: Field<A>, isFirst: (value: unknown) => boolean, second: Field<B>): Field<A | B> {
  return (value, where) => (isFirst(value) ? first(value, where) : second(value, where));
}

function refusal(where: string, rule: string, value: unknown): RangeError {
  return new RangeError(`${where} must be ${rule}, got ${JSON.stringify(value)}`);
}
