import { requireFormat } from '../../format-error.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import { writtenCount } from '../../lowering/value.js';
import { callAten } from './call-aten.js';
import { typeOfScalar } from './result-type.js';
import { itemsOf, number, refusal, ScriptList, ScriptTuple, type ScriptValue } from './script-values.js';
import { ScriptFloat } from './syntax.js';
import { TensorBox } from './tensor-box.js';
import { reader } from './tokens.js';

type ScriptOp = (
  builder: TensorBuilder,
  args: readonly ScriptValue[],
  named: ReadonlyMap<string, ScriptValue>,
) => ScriptValue;

/** Ops that torch.jit alone writes, made of others. */
export const scriptOps: Readonly<Record<string, ScriptOp>> = {
  /** A convolution with `same` or `valid` as padding. */
  _convolution_mode(builder, args) {
    const rank = (args[0] as TensorBox).read().shape.length;
    return callAten(builder, { op: `conv${rank - 2}d`, args, named: new Map() });
  },

  /** Numbers as a tensor. */
  tensor(builder, [data], named) {
    const { shape, items } = nested(data);
    const scalarType = named.get('dtype');
    const isWhole = items.every((item) => typeof item === 'number');
    const isTruth = items.every((item) => typeof item === 'boolean');
    const dtype = typeof scalarType === 'number' ? typeOfScalar(scalarType) : isTruth ? 'bool' : isWhole ? 'int32' : 'float32'; // prettier-ignore
    requireFormat(dtype !== undefined, reader, 'tensors must be of real numbers', scalarType as number);
    const numbers = items.map(number);
    if (dtype === 'float32') return new TensorBox(builder.constant(shape, Float32Array.from(numbers)));
    if (dtype === 'int32') return new TensorBox(builder.constant(shape, Int32Array.from(numbers)));
    return new TensorBox(
      builder.constant(
        shape,
        Uint8Array.from(numbers, (value) => Number(value !== 0)),
      ),
    );
  },

  /** The attention of `nn.MultiheadAttention` where it runs as one op: of a query with itself. */
  _native_multi_head_attention(builder, args) {
    const [query, key, value, , heads, weight, bias, outWeight, outBias, mask = null, needsWeights = true, isMean = true] = args; // prettier-ignore
    requireFormat(query === key && key === value && mask === null, reader, 'attention in one op must be of a tensor with itself, without a mask', 'another'); // prettier-ignore
    const { attended, weights } = attention(builder, query, number(heads), weight, bias, needsWeights === true);
    const y = call(builder, 'linear', attended, outWeight, outBias);
    const shown = weights && isMean === true ? call(builder, 'mean', weights, new ScriptList([1])) : weights;
    return new ScriptTuple([y, shown]);
  },

  /** `nn.TransformerEncoderLayer` where it runs as one op. */
  _transformer_encoder_layer_fwd(builder, args) {
    const [x, width, heads, weight, bias, outWeight, outBias, isGelu, isNormFirst, epsilon] = args;
    const [normWeight1, normBias1, normWeight2, normBias2, weight1, bias1, weight2, bias2, mask = null] =
      args.slice(10);
    requireFormat(mask === null, reader, 'an encoder layer in one op must have no mask', 'one');
    const norm = (of: ScriptValue, ...parameters: ScriptValue[]) => call(builder, 'layer_norm', of, new ScriptList([width]), ...parameters, epsilon); // prettier-ignore
    const attend = (of: ScriptValue) => call(builder, 'linear', attention(builder, of, number(heads), weight, bias, false).attended, outWeight, outBias); // prettier-ignore
    const feed = (of: ScriptValue) => {
      const hidden = call(builder, isGelu === true ? 'gelu' : 'relu', call(builder, 'linear', of, weight1, bias1));
      return call(builder, 'linear', hidden, weight2, bias2);
    };
    if (isNormFirst === true) {
      const y = call(builder, 'add', x, attend(norm(x, normWeight1, normBias1)));
      return call(builder, 'add', y, feed(norm(y, normWeight2, normBias2)));
    }
    const y = norm(call(builder, 'add', x, attend(x)), normWeight1, normBias1);
    return norm(call(builder, 'add', y, feed(y)), normWeight2, normBias2);
  },
};

/** Of `[batch, length, width]`: heads of queries, keys and values by one product. */
function attention(
  builder: TensorBuilder,
  x: ScriptValue,
  heads: number,
  weight: ScriptValue,
  bias: ScriptValue,
  needsWeights: boolean,
): { readonly attended: ScriptValue; readonly weights: ScriptValue } {
  const width = (x as TensorBox).read().shape[2];
  requireFormat(typeof width === 'number', reader, 'attention must have a known width', width);
  const projected = call(builder, 'linear', x, weight, bias);
  const parts = itemsOf(call(builder, 'chunk', projected, 3, -1)).map((part) => {
    const split = call(builder, 'unflatten', part, -1, new ScriptList([heads, width / heads]));
    return call(builder, 'transpose', split, 1, 2);
  });
  const [query, key] = parts;
  const attended = call(builder, 'scaled_dot_product_attention', ...parts);
  const joined = call(builder, 'flatten', call(builder, 'transpose', attended, 1, 2), 2);
  if (!needsWeights) return { attended: joined, weights: null };
  const scaled = call(builder, 'mul', query, new ScriptFloat(1 / Math.sqrt(width / heads)));
  const scores = call(builder, 'matmul', scaled, call(builder, 'transpose', key, -2, -1));
  return { attended: joined, weights: call(builder, 'softmax', scores, -1) };
}

function call(builder: TensorBuilder, op: string, ...args: readonly ScriptValue[]): ScriptValue {
  return callAten(builder, { op, args, named: new Map() });
}

/** Elements of lists in lists, row-major. */
function nested(data: ScriptValue): { readonly shape: readonly number[]; readonly items: readonly ScriptValue[] } {
  if (!(data instanceof ScriptList)) return { shape: [], items: [data] };
  const inner = data.items.map(nested);
  const [first = { shape: [], items: [] }] = inner;
  if (inner.some(({ shape }) => shape.join() !== first.shape.join())) throw refusal('lists of the same length', data);
  writtenCount(data.items.length * first.items.length);
  return { shape: [data.items.length, ...first.shape], items: inner.flatMap(({ items }) => items) };
}
