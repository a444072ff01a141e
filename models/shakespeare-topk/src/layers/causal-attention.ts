import {
  add,
  customGrad,
  gather,
  matMul,
  mul,
  reshape,
  softmax,
  stack,
  sub,
  sum,
  tensor1d,
  tensor2d,
  tidy,
  transpose,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';

const farBelow = -1e9; // added to a score it leaves a probability of 0

/**
 * `softmax(q k^T) v` of each head, in which a character sees itself and those before it. Heads are multiplied one by one:
 * a matMul of several matrices takes fifteen times as long on tfjs' wasm backend.
 *
 * @param q scaled queries `[heads, length, headWidth]`; k and v alike
 * @returns `[heads, length, headWidth]`
 */
export const causalAttention = customGrad((...args) => {
  const [q, k, v] = args as Tensor[] as Tensor3D[];
  const save = args[3] as object as (tensors: Tensor[]) => void;
  const values = matricesOf(v);
  const value = stack(chancesOf(q, k).map((chance, head) => matMul(chance, values[head]))) as Tensor3D;
  save([q, k, v, value]);
  return { value, gradFunc: gradientsOf };
}) as (q: Tensor3D, k: Tensor3D, v: Tensor3D) => Tensor3D;

/** Of each head, `[length, length]`: how much a character takes of each. */
function chancesOf(q: Tensor3D, k: Tensor3D): Tensor2D[] {
  const mask = causalMask(q.shape[1]);
  const keys = matricesOf(transpose(k, [0, 2, 1]));
  return matricesOf(q).map((query, head) => tidy(() => softmax(add(matMul(query, keys[head]), mask)) as Tensor2D));
}

/** Computes the chances again: to save them would take `length` numbers for each character and head. */
function gradientsOf(dy: Tensor, saved: Tensor[]): Tensor[] {
  const [q, k, v, y] = saved as Tensor3D[];
  const [queries, keys, slopes] = [matricesOf(q), matricesOf(k), matricesOf(dy as Tensor3D)];
  const values = matricesOf(transpose(v, [0, 2, 1]));
  // The sum of a row of chances * gradients of chances is that of y * dy.
  const means = matricesOf(sum(mul(dy, y), 2, true) as Tensor3D);
  const ofHeads = chancesOf(q, k).map((chance, head) =>
    tidy(() => {
      const slope = mul(chance, sub(matMul(slopes[head], values[head]), means[head])) as Tensor2D;
      const ofQuery = matMul(slope, keys[head]);
      const ofKey = matMul(transpose(slope), queries[head]);
      const ofValue = matMul(transpose(chance), slopes[head]);
      return [ofQuery, ofKey, ofValue];
    }),
  );
  return [0, 1, 2].map((input) => stack(ofHeads.map((gradients) => gradients[input])));
}

/** By gather, as a slice on tfjs' wasm backend first copies the whole of x. */
function matricesOf(x: Tensor3D): Tensor2D[] {
  const [heads, rows, columns] = x.shape;
  const flat = reshape(x, [heads, rows * columns]);
  return Array.from({ length: heads }, (_, head) =>
    tidy(() => reshape(gather(flat, tensor1d([head], 'int32')), [rows, columns])),
  );
}

/** 0 where a column is not behind the row, `[length, length]`. */
function causalMask(length: number): Tensor2D {
  const mask = new Float32Array(length * length);
  for (let row = 0; row < length; row++) mask.fill(farBelow, row * length + row + 1, (row + 1) * length);
  return tensor2d(mask, [length, length]);
}
