import { FormatError } from '../../format-error.js';
import type { PickleObject } from '../pickle/values.js';
import type { ScriptClass, ScriptFunction } from './syntax.js';
import { ScriptFloat } from './syntax.js';
import type { TensorBox } from './tensor-box.js';
import { reader } from './tokens.js';

/** What an expression of a script has while the script is followed. */
export type ScriptValue =
  | null
  | boolean
  | number
  | string
  | ScriptFloat
  | ScriptSize
  | TensorBox
  | ScriptList
  | ScriptTuple
  | ScriptDict
  | ScriptModule
  | ScriptFunctionValue;

/** A size that only a run knows. */
export class ScriptSize {
  constructor(readonly name: string) {}
}

export class ScriptList {
  constructor(readonly items: ScriptValue[]) {}
}

export class ScriptTuple {
  constructor(readonly items: readonly ScriptValue[]) {}
}

export class ScriptDict {
  constructor(readonly entries: Map<string | number, ScriptValue>) {}
}

/** An object of a class of the script. */
export class ScriptModule {
  readonly attributes = new Map<string, ScriptValue>();

  constructor(
    readonly className: string,
    readonly ofClass: ScriptClass | null,
    readonly object: PickleObject,
    readonly path: string,
  ) {}
}

/** A function, or a method of an object. */
export class ScriptFunctionValue {
  constructor(
    readonly code: ScriptFunction,
    readonly self: ScriptModule | null,
  ) {}
}

export function itemsOf(value: ScriptValue): readonly ScriptValue[] {
  if (value instanceof ScriptList || value instanceof ScriptTuple) return value.items;
  throw refusal('a list or a tuple', value);
}

export function boolean(value: ScriptValue): boolean {
  if (typeof value === 'boolean') return value;
  if (value instanceof ScriptSize) throw refusal('no condition on a size that only a run knows', value);
  if (typeof value === 'number') return value !== 0;
  if (value instanceof ScriptFloat) return value.value !== 0;
  if (value === null) return false;
  if (typeof value === 'string') return value !== '';
  if (value instanceof ScriptList) return value.items.length > 0;
  throw refusal('no condition on the values of tensors', value);
}

/** A whole or other number, true and false as 1 and 0. */
export function number(value: ScriptValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (value instanceof ScriptFloat) return value.value;
  throw refusal('a number that is known before a run', value);
}

export function refusal(wanted: string, value: ScriptValue | undefined): FormatError {
  const kind =
    value === null || value === undefined ? 'None' : typeof value === 'object' ? nameOf(value) : String(value);
  return new FormatError(`${reader}: a script must have ${wanted}, got ${kind}`);
}

function nameOf(value: object): string {
  if (value instanceof ScriptFloat) return String(value.value);
  if (value instanceof ScriptSize) return value.name;
  if (value instanceof ScriptModule) return value.className;
  return value instanceof ScriptList ? 'a list' : value instanceof ScriptTuple ? 'a tuple' : 'a tensor or function';
}
