import { requireRange, requireType, violation } from '@tfjs-sparse/core';

/** Where a value of a JSON file stands, for messages: `loadPack: manifest.files[0].bytes must …`. */
export interface Place {
  readonly op: string;
  readonly path: string;
}

/** Checks a value of a JSON file and gives it its type. */
export type Reader<T> = (value: unknown, place: Place) => T;

type Fields = Record<string, Reader<unknown>>;
type OptionalFields<F extends Fields> = {
  [K in keyof F as undefined extends ReturnType<F[K]> ? K : never]?: ReturnType<F[K]>;
};
type RequiredFields<F extends Fields> = {
  [K in keyof F as undefined extends ReturnType<F[K]> ? never : K]: ReturnType<F[K]>;
};

/** An object with these fields and no others. */
export function object<F extends Fields>(fields: F): Reader<Readonly<RequiredFields<F> & OptionalFields<F>>> {
  return (value, { op, path }) => {
    const record = jsonObject(value, { op, path });
    for (const key of Object.keys(record)) {
      requireRange(
        Object.hasOwn(fields, key),
        op,
        `${path} must have no fields but ${Object.keys(fields).join(', ')}`,
        key,
      );
    }
    const read = Object.entries(fields).map(([key, reader]) => [
      key,
      reader(record[key], { op, path: `${path}.${key}` }),
    ]);
    return Object.fromEntries(read.filter(([, entry]) => entry !== undefined));
  };
}

export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value, place) => (value === undefined ? undefined : reader(value, place));
}

export function list<T>(reader: Reader<T>, { minimum = 0, maximum = 1000 } = {}): Reader<readonly T[]> {
  return (value, { op, path }) => {
    requireType(Array.isArray(value), op, `${path} must be a list`, kindOf(value));
    const isInside = value.length >= minimum && value.length <= maximum;
    requireRange(isInside, op, `${path} must have ${minimum} to ${maximum} entries`, value.length);
    return value.map((entry, index) => reader(entry, { op, path: `${path}[${index}]` }));
  };
}

/** @param rule what `pattern` asks for, in words */
export function text(pattern = /\S/, rule = 'a text that is not empty'): Reader<string> {
  return (value, { op, path }) => {
    requireType(typeof value === 'string', op, `${path} must be ${rule}`, kindOf(value));
    requireRange(pattern.test(value), op, `${path} must be ${rule}`, JSON.stringify(value));
    return value;
  };
}

export function integer(minimum: number, maximum: number): Reader<number> {
  return (value, { op, path }) => {
    const isInside = typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum;
    requireRange(isInside, op, `${path} must be an integer from ${minimum} to ${maximum}`, shown(value));
    return value;
  };
}

export const finite: Reader<number> = (value, { op, path }) => {
  requireRange(
    typeof value === 'number' && Number.isFinite(value),
    op,
    `${path} must be a finite number`,
    shown(value),
  );
  return value;
};

export function oneOf<const T extends string | number>(...choices: readonly T[]): Reader<T> {
  return (value, { op, path }) => {
    const found = choices.find((choice) => choice === value);
    requireRange(found !== undefined, op, `${path} must be ${choices.join(' or ')}`, shown(value));
    return found;
  };
}

/** Any JSON object. */
export const jsonObject: Reader<Readonly<Record<string, unknown>>> = (value, { op, path }) => {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  requireType(isObject, op, `${path} must be an object`, kindOf(value));
  return value as Record<string, unknown>;
};

/** Parses JSON text, so that a broken file is named. */
export function parseJson(bytes: ArrayBuffer, { op, path }: Place): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new RangeError(violation(op, `${path} must be JSON in UTF-8`, 'something else'), { cause: error });
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
