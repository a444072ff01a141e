import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { BenchContext } from './bench.js';

/** q, k and v of one head, `[tokens, channels]`. */
export type Head = Tensor2D[];

const rowsAtATime = 1024; // scores of all queries of 8,192 tokens would be 256 MB

/** Products of matrices are tfjs' fast ones; those of more axes are ten times slower. */
export function splitHeads({ tf }: BenchContext, operands: readonly Tensor4D[]): Head[] {
  const [, heads, tokens, channels] = operands[0].shape;
  return Array.from(
    { length: heads },
    (_, head) =>
    operands.map((x) => tf.tidy(() => tf.reshape(tf.slice(x, [0, head, 0, 0], [1, 1, tokens, channels]), [tokens, channels]))), // prettier-ignore
  );
}

/**
 * All queries to all keys, without a mask, which would cost more. What is to be transposed is so before it is multiplied:
 * products that transpose are up to fifteen times slower.
 */
export function denseAttention({ tf }: BenchContext, heads: readonly Head[]): Tensor2D[] {
  return heads.map(([q, k, v]) =>
    tf.tidy(() => {
      const columns = tf.transpose(k);
      return tf.concat(
        parts(tf, q, (part) => tf.matMul(tf.softmax(tf.matMul(tf.mul(part, q.shape[1] ** -0.5), columns)), v)),
      );
    }),
  );
}

/** One query; to transpose the keys takes longer than to multiply them. */
export function rowAttention({ tf }: BenchContext, heads: readonly Head[]): Tensor2D[] {
  return heads.map(([q, k, v]) =>
    tf.tidy(() => tf.matMul(tf.softmax(tf.matMul(tf.mul(q, q.shape[1] ** -0.5) as Tensor2D, k, false, true)), v)),
  );
}

/** The same as denseAttention and the gradients of q, k and v, whose products tf.grads would make tens of times slower. */
export function denseGradients({ tf }: BenchContext, heads: readonly Head[], dy: Tensor2D): Tensor2D[][] {
  return heads.map(([q, k, v]) =>
    tf.tidy(() => {
      const [tokens, channels] = q.shape;
      const scale = channels ** -0.5;
      const [keyColumns, valueColumns] = [tf.transpose(k), tf.transpose(v)];
      const dqs: Tensor2D[] = [];
      let [dk, dv]: Tensor2D[] = [tf.zerosLike(k), tf.zerosLike(v)];
      for (let first = 0; first < tokens; first += rowsAtATime) {
        const rows = (x: Tensor2D) => tf.slice(x, [first, 0], [Math.min(rowsAtATime, tokens - first), x.shape[1]]);
        const [dq, dkNext, dvNext] = tf.tidy(() => {
          const part = tf.mul(rows(q), scale) as Tensor2D;
          const shares = tf.softmax(tf.matMul(part, keyColumns)) as Tensor2D;
          const given = rows(dy);
          tf.matMul(shares, v);
          const ofShares = tf.matMul(given, valueColumns);
          const means = tf.sum(tf.mul(shares, ofShares), 1, true);
          const ofScores = tf.mul(shares, tf.sub(ofShares, means)) as Tensor2D;
          return [
            tf.mul(tf.matMul(ofScores, k), scale),
            tf.add(dk, tf.matMul(tf.transpose(ofScores), part)),
            tf.add(dv, tf.matMul(tf.transpose(shares), given)),
          ] as Tensor2D[];
        });
        tf.dispose([dk, dv]);
        [dk, dv] = [dkNext, dvNext];
        dqs.push(dq);
      }
      return [tf.concat(dqs), dk, dv];
    }),
  );
}

/** What `attend` makes of the rows of q, some at a time. */
function parts(tf: BenchContext['tf'], q: Tensor2D, attend: (part: Tensor2D) => Tensor2D): Tensor2D[] {
  const [tokens, channels] = q.shape;
  return Array.from({ length: Math.ceil(tokens / rowsAtATime) }, (_, i) => {
    const first = i * rowsAtATime;
    const size: [number, number] = [Math.min(rowsAtATime, tokens - first), channels];
    return tf.tidy(() => attend(tf.slice(q, [first, 0], size)));
  });
}

/** Blocks of as many queries as a window has keys to the keys of their own block and the one before, with a mask. */
export function localAttention({ tf }: BenchContext, heads: readonly Head[], keys: number): Tensor2D[] {
  return tf.tidy(() => {
    const hidden = tf.buffer([keys, 2 * keys]);
    for (let query = 0; query < keys; query++) {
      for (let key = 0; key < 2 * keys; key++) {
        if (key <= query || key > query + keys) hidden.set(-1e9, query, key);
      }
    }
    const mask = hidden.toTensor() as Tensor2D;
    const firstMask = tf.slice(mask, [0, keys], [keys, keys]);
    return heads.map(([q, k, v]) => {
      const [tokens, channels] = q.shape;
      const outputs: Tensor2D[] = [];
      for (let first = 0; first < tokens; first += keys) {
        const start = Math.max(0, first - keys);
        const size: [number, number] = [first + keys - start, channels];
        const part = tf.mul(tf.slice(q, [first, 0], [keys, channels]), channels ** -0.5);
        outputs.push(
          tf.tidy(() => {
            const scores = tf.matMul(part, tf.transpose(tf.slice(k, [start, 0], size))) as Tensor2D;
            const seen = tf.softmax(tf.add(scores, first === 0 ? firstMask : mask));
            return tf.matMul(seen as Tensor2D, tf.slice(v, [start, 0], size));
          }) as Tensor2D,
        );
      }
      return tf.concat(outputs);
    });
  });
}
