import { add, tidy, type Tensor4D } from '@tensorflow/tfjs-core';
import { requireRange } from '@tfjs-sparse/core';
import { maxRelativeConv, type MaxRelativeConvOptions } from '../max-relative-conv/op.js';
import { pointwise, requirePointwise, type PointwiseWeights } from '../max-relative-conv/pointwise.js';
import { requireImages } from '../max-relative/op.js';

export interface GrapherWeights {
  /** fc1: `[channels, channels]` */
  readonly inner: PointwiseWeights;
  /** graph_conv: `[2 * channels, hidden]` */
  readonly graph: PointwiseWeights;
  /** fc2: `[hidden, channels]` */
  readonly outer: PointwiseWeights;
}

/**
 * The Grapher of MobileViG (Munir et al. 2023, section 3.2): a normalised 1 x 1 convolution, `maxRelativeConv`, another one,
 * and the residual. Gradients flow to x and all weights.
 *
 * @param x float32 `[batches, height, width, channels]`
 * @returns float32 like x
 * @throws RangeError or TypeError where a weight does not fit, step is no integer of at least 1 or epsilon is below 0
 */
export function grapher(
  x: Tensor4D,
  { inner, graph, outer }: GrapherWeights,
  { step, epsilon = 1e-5 }: MaxRelativeConvOptions = {},
): Tensor4D {
  requireImages(op, x);
  const channels = x.shape[3];
  requirePointwise(op, 'inner.', inner, channels);
  requirePointwise(op, 'graph.', graph, 2 * inner.filter.shape[1]);
  requirePointwise(op, 'outer.', outer, graph.filter.shape[1]);
  requireRange(outer.filter.shape[1] === channels, op, `outer.filter must have ${channels} outputs (channels of x)`, outer.filter.shape[1]); // prettier-ignore
  requireRange(epsilon >= 0, op, 'epsilon must be at least 0', epsilon);
  return tidy(() => {
    const aggregated = maxRelativeConv(pointwise(x, inner, epsilon), graph, { step, epsilon });
    return add(pointwise(aggregated, outer, epsilon), x);
  });
}

const op = 'grapher';
