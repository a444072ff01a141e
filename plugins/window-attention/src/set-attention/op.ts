import { engine, tidy, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, requireType, runOp, type CoordinateMap } from '@tfjs-sparse/core';
import { turnsOf, type PointRopeOptions } from '../point-rope/op.js';
import { attentionAttributes, type SetDotProductAttentionOptions } from '../set-dot-product-attention/op.js';
import type { SiteSets } from '../site-sets/site-sets.js';
import { composeSetAttention, type SetAttentionOperands } from './compose.js';
import { setAttentionOp } from './definition.js';

export interface SetAttentionWeights {
  /** float32 `[channels, 3 * channels]`: columns of queries, keys and values; torch's in_proj_weight or qkv.weight, transposed. */
  readonly qkv: Tensor2D;
  /** float32 `[3 * channels]`; default none. */
  readonly qkvBias?: Tensor1D;
  /** float32 `[channels, channels]`: torch's out_proj.weight or proj.weight, transposed. */
  readonly output: Tensor2D;
  /** float32 `[channels]`; default none. */
  readonly outputBias?: Tensor1D;
}

export interface SetAttentionOptions extends SetDotProductAttentionOptions {
  /** float32 `[sites, channels]`, added to x for queries and keys, not for values (DSVT, FlatFormer); default none. */
  readonly position?: Tensor2D;
  /** Turns queries and keys by the coordinates of the sites (LitePT); default none. */
  readonly rope?: { readonly map: CoordinateMap } & Pick<PointRopeOptions, 'frequency' | 'axes'>;
}

/**
 * Multi-head attention within sets of sites, from features to features: projections to queries, keys and values,
 * `setDotProductAttention`, and the projection of its output. torch's MultiheadAttention of what DSVT and FlatFormer gather,
 * SerializedAttention of Point Transformer V3 and PointROPEAttention of LitePT.
 *
 * @param x    float32 `[sites, channels]`
 * @param sets of these sites
 * @returns    float32 `[sites, channels]`
 * @throws RangeError where shapes do not fit each other; what `setDotProductAttention` and `pointRope` throw
 */
export function setAttention(
  x: Tensor2D,
  sets: SiteSets,
  weights: SetAttentionWeights,
  options: SetAttentionOptions,
): Tensor2D {
  const { operands, attrs } = checkedSetAttention('setAttention', x, sets, weights, options);
  // tfjs' products are the fastest on a GPU; elsewhere they are half of the time, and queries, keys and values of all sites
  // three times the memory of x.
  if (engine().backendName === 'webgpu' && x.size > 0) return tidy(() => composeSetAttention(operands, attrs).y);
  return runOp(setAttentionOp(operands), operands, attrs).y as Tensor2D;
}

/** The operands and attributes of `SetAttention`. @throws what `setAttention` throws, in the name of `op` */
export function checkedSetAttention(
  op: string,
  x: Tensor2D,
  sets: SiteSets,
  weights: SetAttentionWeights,
  options: SetAttentionOptions,
) {
  const { position, rope, heads } = options;
  requireType(x.dtype === 'float32', op, 'x must be float32', x.dtype);
  const isRows = x.rank === 2 && x.shape[0] === sets.siteCount && x.shape[1] > 0;
  requireRange(isRows, op, `x must be [${sets.siteCount}, channels] (sites of sets)`, x.shape);
  const channels = x.shape[1];
  requireShape(op, 'position', position, x.shape, 'as x');
  requireShape(op, 'qkv', weights.qkv, [channels, 3 * channels], 'channels of x');
  requireShape(op, 'qkvBias', weights.qkvBias, [3 * channels], 'channels of x');
  requireShape(op, 'output', weights.output, [channels, channels], 'channels of x');
  requireShape(op, 'outputBias', weights.outputBias, [channels], 'channels of x');
  if (rope) requireRange(rope.map.siteCount === x.shape[0], op, `the map of rope must have ${x.shape[0]} sites (as x)`, rope.map.siteCount); // prettier-ignore
  const attrs = {
    ...attentionAttributes(x, sets, options),
    rope: rope ? turnsOf(op, rope.map, channels / heads, rope) : null,
  };
  const operands = { x, position, ...weights, bias: options.bias?.table } as SetAttentionOperands;
  return { operands, attrs };
}

function requireShape(
  op: string,
  name: string,
  tensor: Tensor1D | Tensor2D | undefined,
  shape: readonly number[],
  reason: string,
): void {
  if (!tensor) return;
  requireType(tensor.dtype === 'float32', op, `${name} must be float32`, tensor.dtype);
  requireRange(
    tensor.shape.join() === shape.join(),
    op,
    `${name} must be [${shape.join(', ')}] (${reason})`,
    tensor.shape,
  );
}
