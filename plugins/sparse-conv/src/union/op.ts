import { addN, mul, reshape, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { gatherRows, requireRange, requireReadable, rowsInto, SparseTensor, unionOf } from '@tfjs-sparse/core';
import { joinChannels } from '../join-channels/op.js';

/**
 * Sum of tensors whose sites may differ, on all of their sites; absent features count as 0. (MinkowskiUnion, spconv
 * sparse_add, SparseConvNet AddTable.)
 *
 * @param xs  one or more with features `[sites, channels]`, one rank, stride and number of channels
 * @returns   features `[sites of the union, channels]`
 * @throws RangeError when ranks, strides or channels differ
 */
export function sparseAdd(...xs: readonly SparseTensor[]): SparseTensor {
  return combine('sparseAdd', xs, (features) => addN([...features]));
}

/**
 * Product of tensors, on all of their sites; absent features count as 0, so that it is 0 where one has no site. (At
 * such sites MinkowskiEngine's `*` keeps the features of the first operand.) As `sparseAdd` otherwise.
 */
export function sparseMultiply(...xs: readonly SparseTensor[]): SparseTensor {
  return combine('sparseMultiply', xs, (features) => features.reduce((product, each) => mul(product, each)));
}

/**
 * Channels of all tensors side by side, on all of their sites; absent features are 0. (MinkowskiEngine.cat and
 * torchsparse.cat, which want the same sites; SparseConvNet JoinTable.)
 *
 * @returns  features `[sites of the union, sum of channels]`
 */
export function sparseConcatenate(...xs: readonly SparseTensor[]): SparseTensor {
  return combine('sparseConcatenate', xs, (features) => features.reduce(joinChannels), true);
}

function combine(
  op: string,
  xs: readonly SparseTensor[],
  join: (features: readonly Tensor2D[]) => Tensor2D,
  mayChannelsDiffer = false,
): SparseTensor {
  requireRange(xs.length > 0, op, 'there must be at least one operand', xs.length);
  for (const { channels } of mayChannelsDiffer ? [] : xs) {
    requireRange(
      channels === xs[0].channels,
      op,
      `operands must have ${xs[0].channels} channels (as the first)`,
      channels,
    );
  }
  for (const { features } of xs) requireReadable(op, 'features', features);
  const union = unionOf(
    op,
    xs.map(({ map }) => map),
  );
  const features = tidy(() => {
    const operands = xs.map(({ features, map }) => {
      const rows = rowsInto(union, map);
      return rows ? gatherRows(features, rows) : features;
    });
    const joined = join(operands);
    return xs.length === 1 ? (reshape(joined, joined.shape) as Tensor2D) : joined; // the operand's own stay the operand's
  });
  return new SparseTensor(features, union);
}
