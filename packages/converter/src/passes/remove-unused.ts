import type { Graph, GraphNode } from '../graph/graph.js';

/** Removes nodes that no output needs: constants, copies, paddings of which the takers are gone. Inputs stay. */
export function removeUnused(graph: Graph): void {
  const used = new Set<GraphNode>();
  const waiting = [...graph.outputs, ...graph.nodes.filter(({ op }) => op.startsWith('Placeholder'))];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (used.has(node)) continue;
    used.add(node);
    waiting.push(...node.inputs.map((input) => input.node), ...node.controls);
  }
  graph.retain(used);
}
