import { textsAttribute, type Attribute, type GraphInput, type GraphNode } from '@tfjs-sparse/converter';
import { isFusedActivation, type FusedActivation } from '@tfjs-sparse/core';

/** Bias and activation of a fused node. */
export interface FusedParts {
  readonly bias: GraphInput | undefined;
  readonly activation: FusedActivation;
  /** What follows where an activation is none that ops of this plugin can do. */
  readonly next: {
    readonly op: string;
    readonly inputs: readonly GraphInput[];
    readonly attributes: Readonly<Record<string, Attribute>>;
  } | null;
}

const followers: readonly string[] = ['Elu', 'LeakyRelu', 'Prelu', 'Sigmoid'];

/** What is fused into a node, or why it has to stay as it is. */
export function readFused(node: GraphNode): FusedParts | string {
  const [first, activation, ...more] = textsAttribute(node, 'fused_ops');
  if (first === undefined) return { bias: undefined, activation: 'linear', next: null };
  if (first !== 'BiasAdd' || more.length > 0) return `it is fused with ${[first, activation, ...more].join(', ')}`;
  const bias = node.inputs[2];
  const name = activation?.toLowerCase() ?? 'linear';
  if (isFusedActivation(name)) return { bias, activation: name, next: null };
  if (!followers.includes(activation)) return `it is fused with ${activation}`;
  const attributes: Record<string, Attribute> = { T: { type: 'DT_FLOAT' } };
  if (activation === 'LeakyRelu') attributes.alpha = node.attributes.leakyrelu_alpha ?? { f: 0.2 };
  const next = { op: activation, inputs: activation === 'Prelu' ? [node.inputs[3]] : [], attributes };
  return { bias, activation: 'linear', next };
}
