import { cast, elementwise, select, withNumber } from './elementwise.js';
import { transpose, unsqueeze } from './layout.js';
import { matMul } from './products.js';
import { softmax } from './reductions.js';
import type { TensorBuilder } from './tensor-builder.js';
import { plainOrder, type Value } from './value.js';

export interface AttentionOptions {
  /** Added to the scores, or of booleans: where it is false, nothing is read. */
  readonly mask: Value | null;
  /** Rows read the columns up to their own only. */
  readonly isCausal: boolean;
  /** Default 1 over the root of the width. */
  readonly scale?: number;
}

const masked = -1e30; // its exponential is 0, and sums of it are finite

/** @param q, k, v `[..., length, width]` */
export function attention(
  builder: TensorBuilder,
  q: Value,
  k: Value,
  v: Value,
  { mask, isCausal, scale }: AttentionOptions,
): Value {
  const rank = q.shape.length;
  const factor = scale ?? 1 / Math.sqrt(q.shape[rank - 1] as number);
  const swapped = transpose(builder, k, [...plainOrder(rank - 2), rank - 1, rank - 2]);
  const scores = matMul(builder, withNumber(builder, 'Mul', q, factor), swapped);
  const seen = isCausal ? causalMask(builder, q, k) : null;
  const visible = [seen, mask].reduce<Value>((all, each) => (each ? withMask(builder, all, each) : all), scores);
  return matMul(builder, softmax(builder, visible, rank - 1), v);
}

function withMask(builder: TensorBuilder, scores: Value, mask: Value): Value {
  if (mask.dtype !== 'bool') return elementwise(builder, 'AddV2', [scores, cast(builder, mask, 'float32')]);
  return select(builder, mask, scores, builder.scalar(masked));
}

/** Whether row i reads column j: `j <= i`. */
function causalMask(builder: TensorBuilder, q: Value, k: Value): Value {
  const count = (value: Value) => range(builder, value.shape[value.shape.length - 2]);
  return elementwise(builder, 'LessEqual', [unsqueeze(builder, count(k), [0]), unsqueeze(builder, count(q), [1])], 'bool'); // prettier-ignore
}

/** 0, 1, … */
export function range(builder: TensorBuilder, length: Value['shape'][number]): Value {
  if (typeof length === 'number') return builder.integers(plainOrder(length));
  const [first, step] = [builder.scalar(0, 'int32'), builder.scalar(1, 'int32')];
  const made = { dtype: 'int32', shape: [length] } as const;
  return builder.emit('Range', [first, builder.integers([length], []), step], made, { Tidx: { type: 'DT_INT32' } });
}
