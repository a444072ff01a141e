import { FormatError, requireFormat } from '../../format-error.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import type { ElementType, Value } from '../../lowering/value.js';
import { atenOps } from '../aten/index.js';
import { AtenOperation, type AtenArgument } from '../aten-operation.js';
import { resultType, typeOfScalar } from './result-type.js';
import { overloadsOf, type Argument, type Overload } from './schema.js';
import { ScriptList, ScriptSize, ScriptTuple, type ScriptValue } from './script-values.js';
import { ScriptFloat } from './syntax.js';
import { TensorBox, type View } from './tensor-box.js';
import { viewsOf } from './views.js';
import { reader } from './tokens.js';

/** An op of ATen as a script calls it. */
export interface AtenCall {
  /** Without `torch.`, such as `relu_`. */
  readonly op: string;
  readonly args: readonly ScriptValue[];
  readonly named: ReadonlyMap<string, ScriptValue>;
}

/** Whether the converter has the op; `relu_` as it has `relu`. */
export function isCovered(op: string): boolean {
  return overloadsOf(op) !== undefined || overloadsOf(functionalName(op)) !== undefined;
}

/** @throws FormatError for arguments that no overload takes */
export function callAten(builder: TensorBuilder, { op, args, named }: AtenCall): ScriptValue {
  const isInPlace = overloadsOf(op) === undefined;
  const name = isInPlace ? functionalName(op) : op;
  const overload = matching(name, args, named);
  const given = new Map<string, AtenArgument>();
  const types = new Map<string, Value | ElementType>();
  const positional = overload.args.filter(({ isByName }) => !isByName);
  for (const argument of overload.args) {
    const index = positional.indexOf(argument);
    const value = index >= 0 && index < args.length ? args[index] : named.get(argument.name);
    if (value === undefined || argument.kind.startsWith('o')) continue;
    const isNumber = argument.kind.startsWith('n');
    given.set(argument.name, (isNumber ? numberIn(value) : null) ?? argumentOf(value));
    const type = typeOf(value, argument);
    if (type) types.set(argument.name, type);
  }
  const self = args[0];
  const scalarType = given.get('dtype');
  const asked = typeof scalarType === 'number' ? typeOfScalar(scalarType) : null;
  requireFormat(asked !== undefined, reader, `${op} must be of real numbers`, `dtype ${String(scalarType)}`);
  const isChanged = isInPlace && self instanceof TensorBox;
  const dtype = isChanged
    ? self.read().dtype
    : resultType(name, types, asked, (given.get('rounding_mode') ?? null) !== null);
  const operation = (of: ReadonlyMap<string, AtenArgument>) =>
    new AtenOperation(builder, fullName(name, overload), of, dtype);
  const run = atenOps[fullName(name, overload)] ?? atenOps[name];
  const made = run(operation(given));
  if (isChanged) {
    self.change([made].flat()[0]!);
    return self;
  }
  if (!(self instanceof TensorBox)) return boxed(made);
  const [selfName] = [...given.keys()];
  const again = (whole: Value) => [run(operation(new Map(given).set(selfName, whole)))].flat();
  return boxed(made, viewsOf(builder, { op: name, self, given, parts: [made].flat(), again }));
}

function boxed(made: Value | readonly (Value | null)[], view: ((index: number) => View) | null = null): ScriptValue {
  const box = (value: Value | null, index: number) => value && new TensorBox(value, view?.(index) ?? null);
  return 'node' in made ? box(made, 0) : new ScriptList(made.map(box));
}

function functionalName(op: string): string {
  return /[^_]_$/.test(op) ? op.slice(0, -1) : op;
}

function fullName(op: string, { name }: Overload): string {
  return name === '' ? op : `${op}.${name}`;
}

/** The first overload that takes the arguments as they are, else the first for which numbers may stand for tensors. */
function matching(op: string, args: readonly ScriptValue[], named: ReadonlyMap<string, ScriptValue>): Overload {
  const overloads = overloadsOf(op) ?? [];
  for (const isStrict of [true, false]) {
    const found = overloads.find((overload) => takes(overload, args, named, isStrict));
    if (found) return found;
  }
  const kinds = [...args, ...named.values()].map(kindOf).join(', ');
  throw new FormatError(`${reader}: aten.${op} must have arguments of its schema, got ${kinds}`);
}

function takes(
  { args: known }: Overload,
  args: readonly ScriptValue[],
  named: ReadonlyMap<string, ScriptValue>,
  isStrict: boolean,
): boolean {
  const positional = known.filter(({ isByName }) => !isByName);
  if (args.length > positional.length) return false;
  if (![...named.keys()].every((name) => known.some((argument) => argument.name === name))) return false;
  return known.every((argument) => {
    const index = positional.indexOf(argument);
    const value = index >= 0 && index < args.length ? args[index] : named.get(argument.name);
    if (value === undefined) return argument.isOptional;
    return fits(argument.kind, value, isStrict);
  });
}

function fits(kind: string, value: ScriptValue, isStrict: boolean): boolean {
  if (kind.startsWith('o')) return true;
  if (kind.endsWith('?')) return value === null || fits(kind.slice(0, -1), value, isStrict);
  if (kind.endsWith('[]')) {
    const each = kind.slice(0, -2);
    const items = value instanceof ScriptList || value instanceof ScriptTuple ? value.items : null;
    return items ? items.every((item) => fits(each, item, isStrict)) : each === 'n' && isNumber(value);
  }
  if (kind === 'T') return value instanceof TensorBox || (!isStrict && isNumber(value));
  if (kind === 'b') return typeof value === 'boolean';
  if (kind === 's') return typeof value === 'string';
  return isNumber(value) || typeof value === 'boolean' || (!isStrict && numberIn(value) !== null);
}

function isNumber(value: ScriptValue): boolean {
  return typeof value === 'number' || value instanceof ScriptFloat || value instanceof ScriptSize;
}

/** Of a tensor that is a number known before a run. */
export function numberIn(value: ScriptValue): number | null {
  if (!(value instanceof TensorBox)) return null;
  const { constant, shape } = value.read();
  return constant && shape.length === 0 ? constant[0] : null;
}

function argumentOf(value: ScriptValue): AtenArgument {
  if (value instanceof TensorBox) return value.read();
  if (value instanceof ScriptFloat) return value.value;
  if (value instanceof ScriptSize) return value.name;
  if (value instanceof ScriptList || value instanceof ScriptTuple) return value.items.map(argumentOf);
  if (typeof value === 'object' && value !== null) {
    throw new FormatError(`${reader}: an op must have tensors and numbers, got ${kindOf(value)}`);
  }
  return value;
}

function typeOf(value: ScriptValue, { kind }: Argument): Value | ElementType | null {
  if (value instanceof TensorBox) return value.read();
  if (kind.startsWith('T[]') && value instanceof ScriptList) {
    const [first] = value.items;
    return first instanceof TensorBox ? first.read() : null;
  }
  if (!kind.startsWith('n')) return null;
  if (value instanceof ScriptFloat) return 'float32';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int32' : 'float32';
  return typeof value === 'boolean' ? 'bool' : value instanceof ScriptSize ? 'int32' : null;
}

function kindOf(value: ScriptValue): string {
  if (value === null) return 'None';
  if (value instanceof TensorBox) return 'a tensor';
  if (value instanceof ScriptFloat) return String(value.value);
  if (value instanceof ScriptSize) return 'a size';
  if (value instanceof ScriptList || value instanceof ScriptTuple) return `[${value.items.map(kindOf).join(', ')}]`;
  return typeof value === 'object' ? 'an object' : String(value);
}
