import type { ElementType, Value } from '../../lowering/value.js';

/** Ops that give floating numbers of whole ones too. */
const ofFloats = new Set(
  `acos acosh asin asinh atan atan2 atanh cos cosh erf erfc exp exp2 expm1 linspace log log10 log1p log2 logaddexp
  logit mean reciprocal rsqrt sigmoid sin sinh softmax log_softmax sqrt std tan tanh true_divide var`.split(/\s+/),
);
/** Ops whose result has the type of `self` alone. */
const ofSelf = /_like$|^new_|^(clone|contiguous|expand|fill|masked_fill|scatter|scatter_add|copy|zero)$/;
const ofNoTensor = new Set(['zeros', 'ones', 'empty', 'eye', 'rand', 'randn']);
const ofCounts = new Set(['sum', 'prod', 'cumsum', 'cumprod']);
/** Arguments whose numbers take part in the type of the result. */
const operands = ['self', 'other', 'value', 'fill_value', 'exponent', 'end', 'start', 'step', 's', 'alpha', 'weight'];
const rank: Readonly<Record<ElementType, number>> = { bool: 0, int32: 1, float32: 2 };

/** ScalarType of c10. */
const types: Readonly<Record<number, ElementType>> = {
  0: 'int32',
  1: 'int32',
  2: 'int32',
  3: 'int32',
  4: 'int32',
  5: 'float32',
  6: 'float32',
  7: 'float32',
  11: 'bool',
  15: 'float32',
};

/** What a number of c10 is here; undefined for complex and quantized ones. */
export function typeOfScalar(scalarType: number): ElementType | undefined {
  return types[scalarType];
}

/** The number of c10 for a type. */
export const scalarTypes: Readonly<Record<ElementType, number>> = { float32: 6, int32: 4, bool: 11 };

/** A tensor, or the type of a number, by the name of an argument. */
export type TypedArguments = ReadonlyMap<string, Value | ElementType>;

/** The type that an op gives, as PyTorch promotes types; a type that is asked for goes before. */
export function resultType(
  op: string,
  given: TypedArguments,
  asked: ElementType | null,
  isRounded: boolean,
): ElementType {
  if (asked) return asked;
  const typeOf = (name: string) => {
    const value = given.get(name);
    return typeof value === 'object' ? value.dtype : (value ?? null);
  };
  if (ofNoTensor.has(op)) return 'float32';
  if (op === 'type_as' || op === 'to') return typeOf('other') ?? typeOf('self') ?? 'float32';
  if (ofSelf.test(op)) return typeOf('self') ?? 'float32';
  if (ofFloats.has(op) || (op === 'div' && !isRounded)) return 'float32';
  const tensors = [...given.values()].flatMap((value) => (typeof value === 'object' ? [value.dtype] : []));
  const numbers = operands.flatMap((name) =>
    typeof given.get(name) === 'string' ? [given.get(name) as ElementType] : [],
  );
  const all = [...tensors, ...numbers];
  if (all.length === 0) return 'float32';
  const widest = all.reduce((a, b) => (rank[b] > rank[a] ? b : a));
  return widest === 'bool' && ofCounts.has(op) ? 'int32' : widest;
}
