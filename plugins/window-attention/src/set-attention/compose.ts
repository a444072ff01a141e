import {
  add,
  concat,
  matMul,
  slice,
  transpose,
  zerosLike,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { columnSums, runOp } from '@tfjs-sparse/core';
import { pointRopeOp } from '../point-rope/definition.js';
import {
  attentionGradients,
  biasedSetAttentionOp,
  setDotProductAttentionOp,
} from '../set-dot-product-attention/definition.js';
import { optionalInputs, type SetAttention } from './attributes.js';

export type SetAttentionOperands = { readonly [Name in keyof SetAttention['inputs']]: Tensor };

/** Set attention of other ops: the way of webgpu, and the first half of the gradients' way. */
export function composeSetAttention(operands: SetAttentionOperands, attrs: SetAttention['attrs']) {
  const { x, output, outputBias } = operands;
  const { placed, wq, wk, q, k } = queriesAndKeys(operands, attrs);
  const wv = columnsOf(operands.qkv as Tensor2D, operands.qkvBias as Tensor1D | undefined, 2);
  const v = product(x, wv.matrix, wv.bias);
  const { lists, heads, scale, positions } = attrs;
  const ofAttention = { lists, heads, scale, positions };
  const { bias } = operands;
  const { y: attended, logSumExp } = bias
    ? runOp(biasedSetAttentionOp, { q, k, v, bias }, ofAttention)
    : runOp(setDotProductAttentionOp, { q, k, v }, ofAttention);
  return { placed, wq, wk, wv, q, k, v, attended, logSumExp, y: product(attended, output, outputBias) };
}

/** Of all sites, turned. */
export function queriesAndKeys(operands: SetAttentionOperands, attrs: SetAttention['attrs']) {
  const { x, position, qkv, qkvBias } = operands;
  const placed = position ? add(x, position) : x;
  const [wq, wk] = [0, 1].map((part) => columnsOf(qkv as Tensor2D, qkvBias as Tensor1D | undefined, part));
  const [q, k] = [wq, wk].map(({ matrix, bias }) => turn(product(placed, matrix, bias), attrs));
  return { placed, wq, wk, q, k };
}

/** By hand: tfjs' gradients cannot be asked for within a gradient. */
export function setAttentionGradients(
  operands: SetAttentionOperands,
  dy: Tensor,
  attrs: SetAttention['attrs'],
): { readonly [Name in keyof SetAttention['inputs']]: Tensor } {
  const present = (['x', 'qkv', 'output', ...optionalInputs] as const).filter((name) => operands[name]);
  const perInput = (gradientOf: (name: keyof SetAttention['inputs']) => Tensor) =>
    Object.fromEntries(present.map((name) => [name, gradientOf(name)])) as SetAttentionOperands;
  if (dy.size === 0) return perInput((name) => zerosLike(operands[name]!)); // tfjs' wasm product of no rows is garbage
  const { placed, wq, wk, wv, q, k, v, attended, logSumExp } = composeSetAttention(operands, attrs);
  const { bias } = operands;
  const ofAttended = matMul(dy as Tensor2D, turned(operands.output));
  const given = { q, k, v, ...(bias && { bias }), y: attended, logSumExp, dy: ofAttended };
  const of = attentionGradients(given, attrs);
  const [dq, dk] = [of.q, of.k].map((gradient) => turn(gradient, attrs, true));
  const ofPlaced = add(matMul(dq as Tensor2D, turned(wq.matrix)), matMul(dk as Tensor2D, turned(wk.matrix)));
  const rows = turned(placed);
  const matrices = [
    matMul(rows, dq as Tensor2D),
    matMul(rows, dk as Tensor2D),
    matMul(turned(operands.x), of.v as Tensor2D),
  ];
  const found: Record<keyof SetAttention['inputs'], () => Tensor> = {
    x: () => add(ofPlaced, matMul(of.v as Tensor2D, turned(wv.matrix))),
    qkv: () => concat(matrices, 1),
    output: () => matMul(turned(attended), dy as Tensor2D),
    position: () => ofPlaced,
    qkvBias: () => concat([dq, dk, of.v].map((each) => columnSums(each as Tensor2D))),
    outputBias: () => columnSums(dy as Tensor2D),
    bias: () => of.bias!,
  };
  return perInput((name) => found[name]());
}

/** The columns that project to queries (0), keys (1) or values (2). */
export function columnsOf(qkv: Tensor2D, qkvBias: Tensor1D | undefined, part: number) {
  const [channels] = qkv.shape;
  return {
    matrix: slice(qkv, [0, part * channels], [channels, channels]),
    bias: qkvBias && slice(qkvBias, part * channels, channels),
  };
}

/** Not tfjs' fused product: on the wasm backend its gradient fails the search for leaks. */
function product(x: Tensor, matrix: Tensor, bias: Tensor | undefined): Tensor2D {
  const product = matMul(x as Tensor2D, matrix as Tensor2D);
  return (bias ? add(product, bias) : product) as Tensor2D;
}

function turn(x: Tensor, { rope, heads }: SetAttention['attrs'], isBackward = false): Tensor {
  return rope ? runOp(pointRopeOp, { x }, { ...rope, heads, isBackward }).y : x;
}

/** tfjs' wasm products of transposed operands are six times slower than the transposition. */
function turned(x: Tensor): Tensor2D {
  return transpose(x) as Tensor2D;
}
