import { requireRange, requireType } from './errors.js';

/**
 * Whole numbers as a user has them, in an array or typed array of any kind, by value as int32; an Int32Array is taken as it
 * is. Only what went through here may be copied to WASM memory: a view of another width writes other bytes.
 *
 * @throws TypeError for what is no array of numbers (64-bit integers are none), RangeError for other than 32-bit integers
 */
export function int32Array(op: string, name: string, values: ArrayLike<number>): Int32Array {
  if (values instanceof Int32Array) return values;
  requireNumbers(op, name, values);
  const integers = Int32Array.from(values);
  const wrong = integers.findIndex((value, i) => value !== values[i]);
  requireRange(wrong < 0, op, `${name} must be integers of 32 bits`, `${values[wrong]} at ${wrong}`);
  return integers;
}

/** The same for float32, to which the numbers are rounded. */
export function float32Array(op: string, name: string, values: ArrayLike<number>): Float32Array {
  if (values instanceof Float32Array) return values;
  requireNumbers(op, name, values);
  return Float32Array.from(values);
}

/** @throws TypeError unless `values` is an array of numbers or a typed array; 64-bit integers are no numbers */
export function requireNumbers(op: string, name: string, values: ArrayLike<number>): void {
  const isTyped = ArrayBuffer.isView(values) && 'length' in values && typeof (values[0] ?? 0) === 'number';
  const holds = isTyped || (Array.isArray(values) && values.every((value) => typeof value === 'number'));
  requireType(holds, op, `${name} must be an array or typed array of numbers`, kindOf(values));
}

/** @throws TypeError unless `value` is an array of objects: one of them alone, or numbers, are no list */
export function requireList(op: string, name: string, items: string, value: unknown): void {
  const isList = Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null);
  requireType(isList, op, `${name} must be a list of ${items}`, kindOf(value));
}

/** @throws TypeError for options that are no object, such as the name of a network */
export function requireObject(op: string, name: string, value: unknown): void {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  requireType(isObject, op, `${name} must be an object`, kindOf(value));
}

/** @throws TypeError for options that are no object, and for one whose name is not among `names` */
export function requireOptions(op: string, options: unknown, names: readonly string[]): void {
  requireObject(op, 'options', options);
  const unknown = Object.keys(options as object).find((name) => !names.includes(name));
  requireType(unknown === undefined, op, `options must be of ${names.join(', ')}`, unknown);
}

/** What a value is, for messages: its class, what an array holds, or its type. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) {
    const kinds = new Set(value.map(typeOf));
    return kinds.size === 0 ? 'an empty array' : `an array of ${[...kinds].join(' and ')}`;
  }
  return typeof value === 'object' && value !== null ? (value.constructor?.name ?? 'an object') : typeOf(value);
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}
