import { requireFormat } from '../format-error.js';
import { texts } from '../graph/attributes.js';
import { fusedOps, isFusible } from '../passes/fuse-products.js';
import { withBias } from './convolution.js';
import { unary } from './elementwise.js';
import { plain } from './layout.js';
import type { TensorBuilder } from './tensor-builder.js';
import type { Value } from './value.js';

/** What a product does to its sums behind the bias. */
export type FusedActivation = 'Relu' | 'Relu6' | null;

/**
 * A product with the bias and activation that a file has as parts of it: as parts of its node, where tfjs has such a node. That
 * of the sums alone stays in the graph unused.
 *
 * @param bias `[channels]`, of the last axis of the graph's tensor
 */
export function withEpilogue(
  builder: TensorBuilder,
  product: Value,
  bias: Value | null,
  activation: FusedActivation,
): Value {
  const { node, dtype, shape, order } = product;
  const channels = shape[order[order.length - 1]];
  if (bias) {
    const isOfChannels = bias.shape.length === 1 && bias.shape[0] === channels;
    requireFormat(isOfChannels, 'convert', `a bias must be [${channels}]`, `[${bias.shape}]`);
  }
  if (!bias || !Object.hasOwn(fusedOps, node.op) || !isFusible(node)) {
    const sums = bias ? withBias(builder, product, bias) : product;
    return activation ? unary(builder, activation, sums) : sums;
  }
  const names = ['BiasAdd', ...(activation ? [activation] : [])];
  const attributes = { ...node.attributes, num_args: { i: 1 }, fused_ops: texts(names) };
  const fused = builder.add(fusedOps[node.op], [...node.inputs, plain(builder, bias)], attributes);
  return { node: fused, dtype, shape, order };
}
