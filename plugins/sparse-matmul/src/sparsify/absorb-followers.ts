import { isTrue, nodeName, splitInputs, text, textAttribute, type GraphNode } from './graph-node.js';
import { graphOps } from './register.js';

const isOurs: readonly string[] = Object.values(graphOps);
const additions: readonly string[] = ['BiasAdd', 'Add', 'AddV2'];
const activations: readonly string[] = ['Relu', 'Relu6'];

/**
 * The nodes with biases and ReLUs that follow a node of ours done by it, as graphs have them that were not optimised when
 * they were converted. What is joined has the name of the last node.
 *
 * @param outputs names of nodes that the model gives
 * @param shapeOf shape of the constant that an input is
 */
export function absorbFollowers(
  nodes: readonly GraphNode[],
  outputs: ReadonlySet<string>,
  shapeOf: (input: string) => readonly number[] | undefined,
): GraphNode[] {
  const takers = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    for (const input of node.input ?? []) {
      const name = nodeName(input);
      takers.set(name, [...(takers.get(name) ?? []), node]);
    }
  }
  const absorbed = new Set<GraphNode>();
  const result = nodes.map((node) => {
    if (!isOurs.includes(node.op)) return node;
    for (;;) {
      const [taker, ...others] = takers.get(node.name) ?? [];
      if (!taker || others.length > 0 || outputs.has(node.name)) return node;
      const joined = withBias(node, taker, shapeOf) ?? withActivation(node, taker);
      if (!joined) return node;
      absorbed.add(taker);
      node = joined;
    }
  });
  return result.filter((node) => !absorbed.has(node));
}

function withBias(
  node: GraphNode,
  taker: GraphNode,
  shapeOf: (input: string) => readonly number[] | undefined,
): GraphNode | null {
  const { has, activation } = attributesOf(node);
  const { values, controls } = splitInputs(node);
  const added = splitInputs(taker);
  const isFree = !isTrue(node, has) && textAttribute(node, activation) === 'linear';
  const isSum = additions.includes(taker.op) && added.controls.length === 0;
  if (!isFree || !isSum || (textAttribute(taker, 'data_format') ?? 'NHWC') !== 'NHWC') return null;
  const bias = added.values.find((input) => nodeName(input) !== node.name);
  const shape = bias === undefined ? undefined : shapeOf(bias);
  if (bias === undefined || shape?.length !== 1 || shape[0] !== outChannels(node, shapeOf)) return null;
  return {
    ...node,
    name: taker.name,
    input: [...values, bias, ...controls],
    attr: { ...node.attr, [has]: { b: true } },
  };
}

function withActivation(node: GraphNode, taker: GraphNode): GraphNode | null {
  const { activation } = attributesOf(node);
  const isFree = textAttribute(node, activation) === 'linear' && splitInputs(taker).controls.length === 0;
  if (!isFree || !activations.includes(taker.op)) return null;
  return { ...node, name: taker.name, attr: { ...node.attr, [activation]: text(taker.op.toLowerCase()) } };
}

function attributesOf({ op }: GraphNode): { has: string; activation: string } {
  if (op === graphOps.depthwise) return { has: 'hasFilterBias', activation: 'filterActivation' };
  return { has: 'hasBias', activation: 'activation' };
}

function outChannels(node: GraphNode, shapeOf: (input: string) => readonly number[] | undefined): number | undefined {
  if (node.op === graphOps.depthwise) return shapeOf(node.input![1])?.[2];
  return Number(node.attr!.outFeatures.i);
}
