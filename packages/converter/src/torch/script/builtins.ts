import { FormatError, requireFormat } from '../../format-error.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import { writtenCount, type Length } from '../../lowering/value.js';
import { numberIn } from './call-aten.js';
import { scalarTypes } from './result-type.js';
import {
  boolean,
  itemsOf,
  number,
  refusal,
  ScriptDict,
  ScriptList,
  ScriptSize,
  type ScriptValue,
} from './script-values.js';
import { ScriptFloat } from './syntax.js';
import { TensorBox } from './tensor-box.js';
import { reader } from './tokens.js';

/** What a script computes beside tensors. */
type Builtin = (args: readonly ScriptValue[], builder: TensorBuilder) => ScriptValue;

/** `torch.size(x)` and the like, of tensors. */
const ofTensors: Readonly<Record<string, (box: TensorBox, rest: readonly ScriptValue[]) => ScriptValue>> = {
  dim: (box) => box.read().shape.length,
  size(box, [axis]) {
    const lengths = box.read().shape.map(sizeOf);
    return axis === undefined || axis === null ? new ScriptList(lengths) : at(lengths, number(axis));
  },
  sym_size: (box, [axis]) => at(box.read().shape.map(sizeOf), number(axis)),
  len: (box) => sizeOf(at(box.read().shape, 0)),
  is_floating_point: (box) => box.read().dtype === 'float32',
  is_complex: () => false,
  item: (box) => numberIn(box) ?? refuse('no numbers that tensors have'),
  dtype: (box) => scalarTypes[box.read().dtype],
  data: (box) => box,
};

const ofLists: Readonly<Record<string, (list: ScriptList, rest: readonly ScriptValue[]) => ScriptValue>> = {
  append(list, [item]) {
    list.items.push(item);
    writtenCount(list.items.length);
    return list;
  },
  extend(list, [more]) {
    list.items.push(...itemsOf(more));
    writtenCount(list.items.length);
    return null;
  },
  insert(list, [index, item]) {
    list.items.splice(number(index), 0, item);
    return null;
  },
  pop: (list, [index = -1]) => list.items.splice(number(index), 1)[0] ?? refuse('an item to pop'),
  reverse(list) {
    list.items.reverse();
    return null;
  },
  _set_item(list, [index, item]) {
    list.items[placeIn(list.items, number(index))] = item;
    return null;
  },
  clear(list) {
    list.items.length = 0;
    return null;
  },
};

const none: Builtin = () => null;
const no: Builtin = () => false;
const yes: Builtin = () => true;

const others: Readonly<Record<string, Builtin>> = {
  __is__: ([a, b]) => a === b,
  __isnot__: ([a, b]) => a !== b,
  __not__: ([a]) => !boolean(a),
  __and__: ([a, b]) => boolean(a) && boolean(b),
  __or__: ([a, b]) => boolean(a) || boolean(b),
  __contains__: ([all, one]) =>
    all instanceof ScriptDict ? all.entries.has(keyOf(one)) : itemsOf(all).some((item) => isEqual(item, one)),
  __getitem__: ([all, index]) => itemAt(all, index),
  __range_length: ([low, high, step]) => Math.max(0, Math.ceil((number(high) - number(low)) / number(step))),
  __derive_index: ([index, start, step]) => number(start) + number(index) * number(step),
  eq: ([a, b]) => isEqual(a, b),
  ne: ([a, b]) => !isEqual(a, b),
  lt: ([a, b]) => number(a) < number(b),
  le: ([a, b]) => number(a) <= number(b),
  gt: ([a, b]) => number(a) > number(b),
  ge: ([a, b]) => number(a) >= number(b),
  add: ([a, b], builder) =>
    a instanceof ScriptList
      ? new ScriptList([...a.items, ...itemsOf(b)])
      : typeof a === 'string'
        ? a + String(b)
        : both(
            a,
            b,
            (x, y) => x + y,
            (x, y) => builder.plus(x, y),
          ),
  sub: ([a, b], builder) =>
    both(
      a,
      b,
      (x, y) => x - y,
      (x, y) => builder.minus(x, y),
    ),
  mul: ([a, b], builder) =>
    a instanceof ScriptList
      ? repeated(a, number(b))
      : both(
          a,
          b,
          (x, y) => x * y,
          (x, y) => builder.times(x, y),
        ),
  floordiv: ([a, b], builder) =>
    both(
      a,
      b,
      (x, y) => Math.floor(x / y),
      (x, y) => builder.dividedBy(x, y),
    ),
  floor_divide: ([a, b], builder) =>
    both(
      a,
      b,
      (x, y) => Math.floor(x / y),
      (x, y) => builder.dividedBy(x, y),
    ),
  remainder: ([a, b], builder) =>
    both(
      a,
      b,
      (x, y) => x - y * Math.floor(x / y),
      (x, y) => builder.minus(x, builder.times(builder.dividedBy(x, y), y)),
    ),
  div: ([a, b, mode], builder) =>
    mode === undefined
      ? new ScriptFloat(number(a) / number(b))
      : both(a, b, mode === 'trunc' ? (x, y) => Math.trunc(x / y) : (x, y) => Math.floor(x / y), (x, y) => builder.dividedBy(x, y)), // prettier-ignore
  neg: ([a]) => (a instanceof ScriptFloat ? new ScriptFloat(-a.value) : -number(a)),
  pow: ([a, b]) => rounded(number(a) ** number(b), a, b),
  sqrt: ([a]) => new ScriptFloat(Math.sqrt(number(a))),
  floor: ([a]) => Math.floor(number(a)),
  ceil: ([a]) => Math.ceil(number(a)),
  abs: ([a]) => rounded(Math.abs(number(a)), a),
  any: ([all]) => itemsOf(all).some(boolean),
  all: ([all]) => itemsOf(all).every(boolean),
  min: (given) => extreme(given, Math.min),
  max: (given) => extreme(given, Math.max),
  len: ([all]) =>
    typeof all === 'string' ? all.length : all instanceof ScriptDict ? all.entries.size : itemsOf(all).length,
  list: ([all]) => new ScriptList([...itemsOf(all)]),
  slice: ([all, start, end, step = 1]) => {
    requireFormat(number(step) === 1, reader, 'slices of lists must have steps of 1', number(step));
    const whole = (value: ScriptValue) => (value === null || value === undefined ? undefined : number(value));
    return new ScriptList(itemsOf(all).slice(whole(start), whole(end)));
  },
  keys: ([all]) => new ScriptList([...dict(all).keys()]),
  values: ([all]) => new ScriptList([...dict(all).values()]),
  numel: ([box], builder) =>
    sizeOf((box as TensorBox).read().shape.reduce<Length>((all, length) => builder.times(all, length), 1)),
  int: ([a]) => (a instanceof ScriptSize ? a : Math.trunc(number(toNumber(a)))),
  Int: ([a]) => (a instanceof ScriptSize ? a : Math.trunc(number(toNumber(a)))),
  float: ([a]) => new ScriptFloat(a === 'inf' ? Infinity : a === '-inf' ? -Infinity : number(toNumber(a))),
  Float: ([a]) => new ScriptFloat(number(toNumber(a))),
  bool: ([a]) => boolean(toNumber(a)),
  Bool: ([a]) => boolean(toNumber(a)),
  NumToTensor: ([a]) => a,
  ImplicitTensorToNum: ([a]) => toNumber(a),
  format: ([text]) => text,
  str: ([value]) => (typeof value === 'string' ? value : String(value)),
  warn: none,
  device: none,
  layout: none,
  type: () => 'cpu',
  _assert: none,
  is_grad_enabled: yes, // as the fast paths of inference compute the same in ops of their own
  is_autocast_enabled: no,
  is_nested: no,
  is_cuda: no,
  is_scripting: () => true,
  requires_grad: yes,
  RaiseException([message]) {
    throw new FormatError(`${reader}: inputs must be what the script takes, got: ${String(message)}`);
  },
};

/**
 * What `torch.<name>`, `ops.prim.<name>` or `<name>` gives of values that are no tensors, or of what is known of tensors.
 *
 * @returns undefined where it is an op of ATen
 */
export function builtin(
  name: string,
  args: readonly ScriptValue[],
  named: ReadonlyMap<string, ScriptValue>,
  builder: TensorBuilder,
): ScriptValue | undefined {
  const [first] = args;
  if (first instanceof TensorBox && Object.hasOwn(ofTensors, name)) return ofTensors[name](first, args.slice(1));
  if (first instanceof ScriptList && Object.hasOwn(ofLists, name)) return ofLists[name](first, args.slice(1));
  if (!Object.hasOwn(others, name)) return undefined;
  const ofIdentity = ['__is__', '__isnot__', 'numel', 'int', 'float', 'bool', 'Int', 'Float', 'Bool', 'NumToTensor', 'ImplicitTensorToNum', 'format', 'requires_grad', 'is_nested', 'is_cuda', 'device', 'layout', 'type', 'warn', 'list']; // prettier-ignore
  if (ofIdentity.includes(name)) return others[name](args, builder);
  const isOfTensors = args.some((value) => value instanceof TensorBox);
  const numbers = args.map((value) => numberIn(value) ?? value);
  const isOfNumbers = args.some((value) => !(value instanceof TensorBox)) && !numbers.some((value) => value instanceof TensorBox); // prettier-ignore
  if (isOfTensors && !isOfNumbers) return undefined;
  const isOfList = first instanceof ScriptList && first.items.some((item) => item instanceof TensorBox);
  if (isOfList && ['max', 'min', 'any', 'all'].includes(name)) return undefined;
  const mode = named.get('rounding_mode');
  return others[name](mode === undefined ? numbers : [...numbers, mode], builder);
}

export function itemAt(all: ScriptValue, index: ScriptValue): ScriptValue {
  if (all instanceof ScriptDict) return all.entries.get(keyOf(index)) ?? refuse('an entry of this key');
  return at(itemsOf(all), number(index));
}

export function keyOf(value: ScriptValue): string | number {
  return typeof value === 'string' || typeof value === 'number' ? value : refuse('keys of texts or whole numbers');
}

/** Whether a name is one of these, whatever its arguments. */
export function isBuiltin(name: string): boolean {
  return [ofTensors, ofLists, others].some((names) => Object.hasOwn(names, name));
}

/** A length of a tensor as a script has it. */
export function sizeOf(length: Length): number | ScriptSize {
  return typeof length === 'number' ? length : new ScriptSize(length);
}

function at<T>(items: readonly T[], index: number): T {
  return items[placeIn(items, index)];
}

function placeIn(items: readonly unknown[], index: number): number {
  const place = index < 0 ? index + items.length : index;
  requireFormat(place >= 0 && place < items.length, reader, `an index must be within ${items.length} items`, index);
  return place;
}

function dict(value: ScriptValue): ReadonlyMap<string | number, ScriptValue> {
  if (value instanceof ScriptDict) return value.entries;
  throw refusal('a dict', value);
}

function repeated({ items }: ScriptList, count: number): ScriptList {
  writtenCount(items.length * Math.max(0, count));
  return new ScriptList(Array.from({ length: Math.max(0, count) }, () => items).flat());
}

function isEqual(a: ScriptValue, b: ScriptValue): boolean {
  if (a instanceof ScriptSize || b instanceof ScriptSize) {
    if (a instanceof ScriptSize && b instanceof ScriptSize && a.name === b.name) return true;
    throw refusal('no condition on a size that only a run knows', a);
  }
  if (a instanceof ScriptFloat || b instanceof ScriptFloat) return number(a) === number(b);
  if (a instanceof ScriptList && b instanceof ScriptList) {
    return a.items.length === b.items.length && a.items.every((item, i) => isEqual(item, b.items[i]));
  }
  return a === b;
}

function both(
  a: ScriptValue,
  b: ScriptValue,
  ofNumbers: (a: number, b: number) => number,
  ofSizes: (a: Length, b: Length) => Length,
): ScriptValue {
  if (a instanceof ScriptSize || b instanceof ScriptSize) {
    const length = (value: ScriptValue) => (value instanceof ScriptSize ? value.name : number(value));
    return sizeOf(ofSizes(length(a), length(b)));
  }
  return rounded(ofNumbers(number(a), number(b)), a, b);
}

/** A number that is whole where what it is made of is. */
function rounded(value: number, ...of: readonly ScriptValue[]): number | ScriptFloat {
  return of.some((each) => each instanceof ScriptFloat) || !Number.isInteger(value) ? new ScriptFloat(value) : value;
}

function extreme(given: readonly ScriptValue[], of: (...numbers: number[]) => number): ScriptValue {
  const items = given.length === 1 ? itemsOf(given[0]) : given;
  return rounded(of(...items.map(number)), ...items);
}

function toNumber(value: ScriptValue): ScriptValue {
  return value instanceof TensorBox ? (numberIn(value) ?? refuse('no numbers that tensors have')) : value;
}

function refuse(wanted: string): never {
  throw new FormatError(`${reader}: a script must have ${wanted}, got another`);
}
