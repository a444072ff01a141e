import { isFusedActivation, type FusedActivation } from '@tfjs-sparse/core';
import {
  isTrue,
  numbersAttribute,
  splitInputs,
  textAttribute,
  textsAttribute,
  type Attribute,
  type GraphNode,
} from './graph-node.js';
import { notNhwc } from './report.js';

/** A node that multiplies by a matrix `[inFeatures, outFeatures]`, read into what an op with sparse weights needs. */
export interface Product {
  readonly kind: 'matMul' | 'conv1x1';
  readonly x: string;
  readonly weights: string;
  /** The weights are stored `[outFeatures, inFeatures]`. */
  readonly isTransposed: boolean;
  readonly strides: readonly [height: number, width: number];
  readonly bias: string | undefined;
  readonly activation: FusedActivation;
  /** What follows where an activation is none that the product can do. */
  readonly next: { readonly op: string; readonly inputs: string[]; readonly attr: Record<string, Attribute> } | null;
}

const followers: readonly string[] = ['Elu', 'LeakyRelu', 'Prelu', 'Sigmoid'];
const kinds: Readonly<Record<string, Product['kind']>> = {
  MatMul: 'matMul',
  _FusedMatMul: 'matMul',
  Conv2D: 'conv1x1',
  _FusedConv2D: 'conv1x1',
};

/** Whether a node's op may become one with sparse weights. */
export function isProduct({ op }: GraphNode): boolean {
  return Object.hasOwn(kinds, op);
}

/** The product of a node of which `isProduct` holds, or why it has to stay as it is. */
export function readProduct(node: GraphNode): Product | string {
  const { values } = splitInputs(node);
  const kind = kinds[node.op];
  const fused = readFused(node, values);
  if (typeof fused === 'string') return fused;
  const shared = { kind, x: values[0], weights: values[1], ...fused };
  if (kind === 'matMul') {
    if (isTrue(node, 'transpose_a')) return 'its input is transposed';
    return { ...shared, isTransposed: isTrue(node, 'transpose_b'), strides: [1, 1] };
  }
  if ((textAttribute(node, 'data_format') ?? 'NHWC') !== 'NHWC') return notNhwc;
  if (!isUnpadded(node)) return 'its images are padded';
  const [, down, right] = numbersAttribute(node, 'strides') ?? [1, 1, 1, 1];
  return { ...shared, isTransposed: false, strides: [down, right] };
}

/** Bias and activation of a fused node. */
export function readFused(
  node: GraphNode,
  values: readonly string[],
): Pick<Product, 'bias' | 'activation' | 'next'> | string {
  const [first, activation, ...more] = textsAttribute(node, 'fused_ops');
  if (first === undefined) return { bias: undefined, activation: 'linear', next: null };
  if (first !== 'BiasAdd' || more.length > 0) return `it is fused with ${[first, activation, ...more].join(', ')}`;
  const bias = values[2];
  const name = activation?.toLowerCase() ?? 'linear';
  if (isFusedActivation(name)) return { bias, activation: name, next: null };
  if (!followers.includes(activation)) return `it is fused with ${activation}`;
  const attr: Record<string, Attribute> = { T: { type: 'DT_FLOAT' } };
  if (activation === 'LeakyRelu') attr.alpha = node.attr?.leakyrelu_alpha ?? { f: 0.2 };
  const next = { op: activation, inputs: activation === 'Prelu' ? [values[3]] : [], attr };
  return { bias, activation: 'linear', next };
}

/** Same padding adds nothing around windows of one pixel. */
function isUnpadded(node: GraphNode): boolean {
  const padding = textAttribute(node, 'padding');
  if (padding === 'SAME' || padding === 'VALID') return true;
  return numbersAttribute(node, 'explicit_paddings')?.every((size) => size === 0) ?? false;
}
