import { violation } from '@tfjs-sparse/core';
import { FormatError } from '../format-error.js';
import type { TensorBuilder } from '../lowering/tensor-builder.js';
import type { Length } from '../lowering/value.js';
import { reader, type AtenArgument } from './aten-operation.js';
import type { ExportedSize } from './read-export.js';

/** Computes a size from the arguments of a node, in their order; null for what only assertions read. */
export type SizeOp = (builder: TensorBuilder, given: readonly AtenArgument[]) => Length | null;

const ofBoth =
  (compute: (builder: TensorBuilder, a: Length, b: Length) => Length): SizeOp =>
  (builder, [a, b]) =>
    compute(builder, lengthOf(a), lengthOf(b));

const ofNumbers = (compute: (...numbers: number[]) => number): SizeOp => {
  return (_, given) => compute(...given.map(numberOf));
};

/** Ops of sizes, by their targets. */
export const sizeOps: Readonly<Record<string, SizeOp>> = {
  'torch.ops.aten.sym_size.int': (_, [x, axis]) => shapeOf(x)[numberOf(axis)],
  'torch.ops.aten.sym_numel.default': (builder, [x]) =>
    shapeOf(x).reduce((all, length) => builder.times(all, length), 1),
  '_operator.add': ofBoth((builder, a, b) => builder.plus(a, b)),
  '_operator.sub': ofBoth((builder, a, b) => builder.minus(a, b)),
  '_operator.mul': ofBoth((builder, a, b) => builder.times(a, b)),
  '_operator.floordiv': ofBoth((builder, a, b) => builder.dividedBy(a, b)),
  '_operator.mod': ofBoth((builder, a, b) => builder.minus(a, builder.times(builder.dividedBy(a, b), b))),
  '_operator.truediv': ofNumbers((a, b) => a / b),
  '_operator.pow': ofNumbers((a, b) => a ** b),
  'torch.sym_max': ofNumbers(Math.max),
  'torch.sym_min': ofNumbers(Math.min),
  'torch.sym_float': (_, [a]) => lengthOf(a),
  'math.trunc': ofNumbers(Math.trunc),
  'math.ceil': ofNumbers(Math.ceil),
  'math.floor': ofNumbers(Math.floor),
  ...Object.fromEntries(
    ['eq', 'ne', 'ge', 'gt', 'le', 'lt', 'and_', 'or_', 'not_'].map((name) => [`_operator.${name}`, () => null]),
  ),
  'torch.sym_not': () => null,
};

/** Nodes that check what a graph of tfjs cannot. */
export const ignoredTargets: ReadonlySet<string> = new Set(
  [
    '_assert_scalar',
    '_assert_async.msg',
    '_assert_tensor_metadata',
    'sym_constrain_range',
    'sym_constrain_range_for_size',
  ].map((name) => `torch.ops.aten.${name.includes('.') ? name : `${name}.default`}`),
);

/** A size that a program declares: sizes of the same expression are the same. */
export function declaredLength(size: ExportedSize): Length {
  if ('as_int' in size) return size.as_int;
  const { expr_str: expression = '' } = size.as_expr as { readonly expr_str?: string };
  const [, symbol] = /^(?:Symbol\('(\w+)'[^()]*\))$/.exec(expression) ?? [];
  return symbol ?? expression.replace(/\W+/g, '_').replace(/^(?=\d)/, '_');
}

function lengthOf(value: AtenArgument): Length {
  if (typeof value === 'number' || typeof value === 'string') return value;
  throw new FormatError(violation(reader, 'a computation of sizes must read sizes', typeof value));
}

function numberOf(value: AtenArgument): number {
  if (typeof value === 'number') return value;
  throw new FormatError(violation(reader, 'this computation must read numbers that are known before a run', value));
}

function shapeOf(value: AtenArgument): readonly Length[] {
  if (typeof value === 'object' && value !== null && 'shape' in value) return value.shape;
  throw new FormatError(violation(reader, 'sizes must be asked of a tensor', typeof value));
}
