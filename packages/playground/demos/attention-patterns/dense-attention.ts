import {
  add,
  concat,
  matMul,
  mul,
  reshape,
  slice,
  softmax,
  tidy,
  transpose,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';

/** q, k and v of one head, `[tokens, channels]`. */
export type Head = readonly [q: Tensor2D, k: Tensor2D, v: Tensor2D];

const rowsAtATime = 1024; // scores of all queries of 4,096 tokens would be 64 MB

/**
 * Attention of all queries to all keys by tfjs' ops. The keys are transposed before they are multiplied, because products
 * that transpose are up to fifteen times slower.
 *
 * @param hidden `[tokens, tokens]`, added to the scores; without it no time is lost to a mask
 */
export function denseAttention([q, k, v]: Head, hidden?: Tensor2D): Tensor2D {
  const [queries, channels] = q.shape;
  return tidy(() => {
    const columns = transpose(k);
    const parts = Array.from({ length: Math.ceil(queries / rowsAtATime) }, (_, i) => {
      const rows = (x: Tensor2D) => rowsFrom(x, i * rowsAtATime);
      return tidy(() => {
        const scores: Tensor = matMul(mul(rows(q), channels ** -0.5), columns);
        return matMul(softmax(hidden ? add(scores, rows(hidden)) : scores), v) as Tensor2D;
      });
    });
    return concat(parts);
  });
}

/** Products of matrices are tfjs' fast ones; those of more axes are ten times slower. */
export function splitHeads(operands: readonly Tensor4D[]): Head[] {
  const [, heads, tokens, channels] = operands[0].shape;
  const matrix = (x: Tensor4D, head: number) =>
    tidy(() => reshape(slice(x, [0, head, 0, 0], [1, 1, tokens, channels]), [tokens, channels]) as Tensor2D);
  return Array.from({ length: heads }, (_, head) => {
    const [q, k, v] = operands.map((x) => matrix(x, head));
    return [q, k, v];
  });
}

/** As many rows as are multiplied at a time. */
export function firstRows(x: Tensor2D): Tensor2D {
  return rowsFrom(x, 0);
}

function rowsFrom(x: Tensor2D, first: number): Tensor2D {
  return slice(x, [first, 0], [Math.min(rowsAtATime, x.shape[0] - first), x.shape[1]]);
}
