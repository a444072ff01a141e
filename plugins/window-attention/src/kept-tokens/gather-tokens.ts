import { add, cast, gather, maximum, mul, range, reshape, scalar, greaterEqual, tidy, type Tensor1D, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core'; // prettier-ignore
import { requireRange, requireType, stopGradient } from '@tfjs-sparse/core';

/**
 * The kept tokens of each head: a cache of keys or values becomes as long as the lists. Without gradient, for decoding.
 *
 * @param x      `[batches, heads, tokens, channels]`
 * @param tokens int32 `[batches, heads, kept]`: from `snapKV`, `adaSnapKV` or `spAttenTokens`; rows of -1 become 0
 * @returns      `[batches, heads, kept, channels]`
 * @throws RangeError or TypeError for operands that do not fit each other
 */
export function gatherTokens(x: Tensor4D, tokens: Tensor3D): Tensor4D {
  requireType(tokens.dtype === 'int32', op, 'tokens must be int32', tokens.dtype);
  requireRange(x.rank === 4, op, 'x must be [batches, heads, tokens, channels]', x.shape);
  const [batches, heads, length, channels] = x.shape;
  const fits = tokens.rank === 3 && tokens.shape[0] === batches && tokens.shape[1] === heads;
  requireRange(fits, op, `tokens must be [${batches}, ${heads}, kept] (batches and heads of x)`, tokens.shape);
  const kept = tokens.shape[2];
  return tidy(() => {
    const firsts = reshape(range(0, batches * heads * length, Math.max(length, 1), 'int32'), [batches, heads, 1]);
    const present = maximum(tokens, scalar(0, 'int32'));
    const rows = reshape(add(present, firsts), [batches * heads * kept]) as Tensor1D;
    const gathered = gather(reshape(x, [batches * heads * length, channels]), rows);
    const isToken = reshape(cast(greaterEqual(tokens, 0), 'float32'), [batches, heads, kept, 1]);
    return stopGradient(mul(reshape(gathered, [batches, heads, kept, channels]), isToken) as Tensor4D);
  });
}

const op = 'gatherTokens';
