import { FormatError, requireFormat } from '../format-error.js';
import {
  PickleDict,
  PickleExtension,
  PickleList,
  PickleObject,
  PickleSet,
  PickleTuple,
  type PickleValue,
} from '../torch/pickle/values.js';

/** A step of a path: a key of a dict, an index, or what a foreign object or a dict has as an attribute. */
export type PathKey = PickleValue | { readonly attribute: string };

const reader = 'readCheckpoint';
const mostDepth = 500;
const mostValues = 1_000_000; // visited: values that are referenced from many places count each time

/**
 * Calls `visit` with every value of a file and its path, containers before what they hold. Modules that were saved whole,
 * and those of TorchScript, have the paths of their state dicts.
 *
 * @param visit the keys are valid during the call; who keeps them copies them
 * @throws FormatError where a value holds itself, for more than 500 levels and for more than a million values
 */
export function walkValues(root: PickleValue, visit: (value: PickleValue, keys: readonly PathKey[]) => void): void {
  const open = new Set<PickleValue>();
  const keys: PathKey[] = [];
  let count = 0;
  enter(root);

  function enter(value: PickleValue): void {
    requireFormat(++count <= mostValues, reader, `a file must hold at most ${mostValues} values`, 'more');
    visit(value, keys);
    if (typeof value !== 'object' || value === null || isLeaf(value)) return;
    requireFormat(!open.has(value), reader, 'a value must not hold itself', pathText(keys));
    requireFormat(open.size < mostDepth, reader, `values must be at most ${mostDepth} levels deep`, 'more');
    open.add(value);
    for (const [key, child] of childrenOf(value)) {
      keys.push(...key);
      enter(child);
      keys.length -= key.length;
    }
    open.delete(value);
  }
}

type Child = readonly [keys: readonly PathKey[], value: PickleValue];

function childrenOf(value: PickleValue): Child[] {
  if (value instanceof PickleList || value instanceof PickleTuple || value instanceof PickleSet) {
    return value.items.map((item, i) => [[i], item]);
  }
  if (value instanceof PickleDict) return [...entriesOf(value), ...attributesOf(value.attributes)];
  if (value instanceof PickleObject) {
    const module = moduleState(value);
    if (module) return module;
    const args = value.args.map((item, i): Child => [[{ attribute: 'args' }, i], item]);
    const items = value.items.map((item, i): Child => [[i], item]);
    return [
      ...items,
      ...value.entries.map(([key, item]): Child => [[key], item]),
      ...args,
      ...attributesOf(value.state),
    ];
  }
  return [];
}

function entriesOf(dict: PickleDict): Child[] {
  return Array.from(dict.entries, ([key, value]) => [[key], value]);
}

/** What BUILD gives: a dict of attributes, or a value of the object's own kind. */
function attributesOf(state: PickleValue): Child[] {
  if (state === null) return [];
  if (!(state instanceof PickleDict)) return [[[{ attribute: 'state' }], state]];
  return Array.from(state.entries, ([name, value]): Child => [[{ attribute: String(name) }], value]);
}

/** Parameters, buffers and inner modules of a torch module by their names; null for another object. */
function moduleState({ made, state }: PickleObject): Child[] | null {
  if (!(state instanceof PickleDict)) return null;
  if (/^__torch__(\.|$)/.test(made.module)) return entriesOf(state);
  const parts = ['_parameters', '_buffers', '_modules'].map((name) => state.get(name));
  if (!parts.every((part) => part instanceof PickleDict)) return null;
  return parts.flatMap((part) => entriesOf(part)).filter(([, value]) => value !== null);
}

function isLeaf(value: object): boolean {
  return value instanceof PickleExtension || value instanceof Uint8Array;
}

/** Keys joined by dots, `@name` for attributes; not unique where keys hold dots. */
export function pathText(keys: readonly PathKey[]): string {
  return keys.reduce<string>((path, key, i) => {
    if (isAttribute(key)) return `${path}@${key.attribute}`;
    return i === 0 ? keyText(key) : `${path}.${keyText(key)}`;
  }, '');
}

export function isAttribute(key: PathKey): key is { readonly attribute: string } {
  return typeof key === 'object' && key !== null && 'attribute' in key;
}

function keyText(key: PickleValue): string {
  if (key instanceof PickleTuple) return `(${key.items.map(keyText).join(', ')})`;
  if (typeof key === 'object' && key !== null)
    throw new FormatError(`${reader}: keys must be plain values, got an object`);
  return String(key);
}
