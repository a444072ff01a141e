import { numbersAttribute, type Graph } from '@tfjs-sparse/converter';
import { graphOp as conv1x1 } from '../conv1x1/graph-op.js';
import { graphOp as depthwise } from '../depthwise-conv2d/graph-op.js';
import { graphOp } from './graph-op.js';

/** Joins each depthwise convolution with the sparse 1 x 1 convolution that alone takes its output. */
export function joinSeparable(graph: Graph): void {
  for (const node of graph.nodes.filter(({ op }) => op === conv1x1)) {
    const [{ node: first }, ...weights] = node.inputs;
    const isStrided = numbersAttribute(node, 'strides')!.some((stride) => stride > 1);
    const isAlone = graph.takersOf(first).length === 1 && !graph.outputs.has(first);
    if (first.op !== depthwise || isStrided || !isAlone) continue;
    graph.replace(node, {
      name: node.name,
      op: graphOp,
      inputs: [...first.inputs, ...weights],
      controls: [...first.controls, ...node.controls],
      attributes: { ...first.attributes, ...node.attributes },
    });
  }
}
