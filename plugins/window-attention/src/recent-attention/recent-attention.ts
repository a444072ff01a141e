import { add, buffer, concat, matMul, mul, reshape, slice, softmax, tidy, transpose, type Tensor2D, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core'; // prettier-ignore
import { requireRange } from '@tfjs-sparse/core';

const masked = -1e30;

/**
 * How the last queries attend to all keys, causal among themselves: the shares that selectors of keys go by.
 *
 * @param q     `[batches, heads, queries, channels]`
 * @param k     `[batches, keyHeads, keys, channels]`, keyHeads dividing the heads; the last query is at the last key
 * @param count of queries, at most the keys
 * @returns     `[batches * heads, count, keys]`, each row of sum 1; scores are divided by sqrt(channels)
 */
export function recentAttention(q: Tensor4D, k: Tensor4D, count: number): Tensor3D {
  const [batches, heads, queries, channels] = q.shape;
  const [, keyHeads, keys] = k.shape;
  return tidy(() => {
    const last = mul(slice(q, [0, 0, queries - count, 0], [batches, heads, count, channels]), channels ** -0.5);
    const matrices = reshape(last, [batches * keyHeads, (heads / keyHeads) * count, channels]);
    const scores = eachProduct(matrices as Tensor3D, reshape(k, [batches * keyHeads, keys, channels]));
    return softmax(add(reshape(scores, [batches * heads, count, keys]), futureTerms(count, keys))) as Tensor3D;
  });
}

/**
 * `a` times `b` transposed, matrix by matrix, with the smaller `a` transposed in its place: tfjs' wasm products of several
 * matrices, and those that transpose, are 10 to 15 times slower than its plain ones (bench/src/dense-attention.ts).
 */
function eachProduct(a: Tensor3D, b: Tensor3D): Tensor3D {
  const matrix = (x: Tensor3D, i: number) => reshape(slice(x, [i, 0, 0], [1, ...x.shape.slice(1)]), [x.shape[1], x.shape[2]]); // prettier-ignore
  const products = Array.from({ length: a.shape[0] }, (_, i) =>
    transpose(matMul(matrix(b, i) as Tensor2D, transpose(matrix(a, i)))),
  );
  return reshape(concat(products), [a.shape[0], a.shape[1], b.shape[1]]);
}

/** `[count, keys]`: what hides keys after a query. */
function futureTerms(count: number, keys: number): Tensor2D {
  const terms = buffer([count, keys]);
  for (let query = 0; query < count; query++) {
    for (let key = keys - count + query + 1; key < keys; key++) terms.set(masked, query, key);
  }
  return terms.toTensor() as Tensor2D;
}

/** @throws RangeError unless `count` is an integer from 1 to the queries and the keys */
export function requireRecent(op: string, name: string, count: number, q: Tensor4D, k: Tensor4D): void {
  const most = Math.min(q.shape[2], k.shape[2]);
  const isCount = Number.isInteger(count) && count >= 1 && count <= most;
  requireRange(isCount, op, `${name} must be an integer from 1 to ${most} (queries and keys)`, count);
}
