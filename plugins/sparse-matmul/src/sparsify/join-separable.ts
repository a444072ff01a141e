import { nodeName, numbersAttribute, splitInputs, type GraphNode } from './graph-node.js';
import { graphOps } from './register.js';

/**
 * The nodes with each depthwise convolution, and the sparse 1 x 1 convolution that alone takes its output, as one node
 * under the name of the second.
 *
 * @param outputs names of nodes that the model gives
 */
export function joinSeparable(nodes: readonly GraphNode[], outputs: ReadonlySet<string>): GraphNode[] {
  const depthwise = new Map(nodes.filter(({ op }) => op === graphOps.depthwise).map((node) => [node.name, node]));
  const uses = new Map<string, number>();
  for (const name of nodes.flatMap(({ input = [] }) => input.map(nodeName))) uses.set(name, (uses.get(name) ?? 0) + 1);
  return nodes.map((node) => {
    const first = depthwise.get(nodeName(node.input?.[0] ?? ''));
    if (node.op !== graphOps.conv1x1 || !first) return node;
    const isStrided = numbersAttribute(node, 'strides')!.some((stride) => stride > 1);
    if (isStrided || uses.get(first.name)! > 1 || outputs.has(first.name)) return node;
    const [before, behind] = [splitInputs(first), splitInputs(node)];
    return {
      name: node.name,
      op: graphOps.separable,
      input: [...before.values, ...behind.values.slice(1), ...before.controls, ...behind.controls],
      attr: { ...first.attr, ...node.attr },
    };
  });
}
