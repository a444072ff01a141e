import { buffer, concat, matMul, mul, reshape, slice, softmax, tidy, transpose, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core'; // prettier-ignore

const rowsAtATime = 512; // shares of all queries of 8,192 tokens would be 256 MB a head

/**
 * How much of the attention of each block of queries each block of keys gets: sums over the softmax of all keys. It does the
 * work of dense attention, some queries at a time.
 *
 * @param q `[batches, heads, queries, channels]`
 * @param k `[batches, keyHeads, keys, channels]`
 * @returns `[batches, heads, ceil(queries / size.queries), ceil(keys / size.keys)]`
 */
export function blockImportance(
  q: Tensor4D,
  k: Tensor4D,
  size: { readonly queries: number; readonly keys: number },
  scale: number,
): Tensor4D {
  const [batches, heads, queries, channels] = q.shape;
  const [, keyHeads, keys] = k.shape;
  const rows = Math.ceil(queries / size.queries);
  const count = Math.ceil(keys / size.keys);
  const perPart = Math.max(1, Math.floor(rowsAtATime / size.queries)) * size.queries;
  return tidy(() => {
    const blocksOfKeys = transpose(membership(keys, size.keys)) as Tensor2D;
    const scaled = mul(q, scale) as Tensor4D;
    const ofHead = (index: number): Tensor2D => {
      const [batch, head] = [Math.floor(index / heads), index % heads];
      const columns = transpose(matrixOf(k, batch, Math.floor((head * keyHeads) / heads), 0, keys));
      const parts: Tensor2D[] = [];
      for (let first = 0; first < queries; first += perPart) {
        const length = Math.min(perPart, queries - first);
        parts.push(
          tidy(() => {
            const shares = softmax(matMul(matrixOf(scaled, batch, head, first, length), columns)) as Tensor2D;
            return matMul(membership(length, size.queries), matMul(shares, blocksOfKeys)) as Tensor2D;
          }),
        );
      }
      return concat(parts);
    };
    const all = Array.from({ length: batches * heads }, (_, index) => tidy(() => ofHead(index)));
    return reshape(concat(all), [batches, heads, rows, count]);
  });

  /** Single matrices, because tfjs' wasm products of several are ten times slower. */
  function matrixOf(x: Tensor4D, batch: number, head: number, first: number, length: number): Tensor2D {
    return reshape(slice(x, [batch, head, first, 0], [1, 1, length, channels]), [length, channels]);
  }
}

/** `[ceil(tokens / size), tokens]`: 1 where a token is in a block, so that a product with it sums blocks. */
function membership(tokens: number, size: number): Tensor2D {
  const ones = buffer([Math.ceil(tokens / size), tokens]);
  for (let token = 0; token < tokens; token++) ones.set(1, Math.floor(token / size), token);
  return ones.toTensor() as Tensor2D;
}
