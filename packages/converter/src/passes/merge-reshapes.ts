import type { Graph } from '../graph/graph.js';

/** Lets a reshape of what another one has reshaped take what that one takes. */
export function mergeReshapes(graph: Graph): void {
  for (const reshape of graph.nodes.filter(({ op }) => op === 'Reshape')) {
    while (reshape.inputs[0].node.op === 'Reshape' && reshape.inputs[0].node.controls.length === 0) {
      reshape.inputs = [reshape.inputs[0].node.inputs[0], ...reshape.inputs.slice(1)];
    }
  }
}
