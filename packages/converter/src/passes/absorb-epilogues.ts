import { isTrue, text, textAttribute } from '../graph/attributes.js';
import { constantOf, type Graph, type GraphNode } from '../graph/graph.js';

/** How a node of a plugin's op holds what it does to its sums. */
export interface EpilogueAttributes {
  /** Whether its last input is a bias `[channels]`. */
  readonly hasBias: string;
  /** `linear`, `relu` or `relu6`. */
  readonly activation: string;
  readonly channels: number | undefined;
}

const additions: readonly string[] = ['BiasAdd', 'Add', 'AddV2'];
const activations: readonly string[] = ['Relu', 'Relu6'];

/**
 * Lets nodes do the biases and ReLUs that follow them as nodes of their own, as graphs have them that were not optimised
 * when they were converted.
 *
 * @param epilogueOf null for nodes that cannot
 */
export function absorbEpilogues(graph: Graph, epilogueOf: (node: GraphNode) => EpilogueAttributes | null): void {
  for (const node of [...graph.nodes]) {
    const epilogue = graph.has(node) ? epilogueOf(node) : null;
    if (!epilogue) continue;
    for (let last = onlyTaker(graph, node); last; last = onlyTaker(graph, node)) {
      if (!absorbBias(node, last, epilogue) && !absorbActivation(node, last, epilogue)) break;
      graph.merge(node, last);
    }
  }
}

function onlyTaker(graph: Graph, node: GraphNode): GraphNode | null {
  const takers = graph.takersOf(node);
  const [taker] = takers;
  return takers.length === 1 && taker.controls.length === 0 && !graph.outputs.has(node) ? taker : null;
}

function absorbBias(node: GraphNode, sum: GraphNode, { hasBias, activation, channels }: EpilogueAttributes): boolean {
  const isFree = !isTrue(node, hasBias) && textAttribute(node, activation) === 'linear';
  const isNhwc = (textAttribute(sum, 'data_format') ?? 'NHWC') === 'NHWC';
  const bias = sum.inputs.find((input) => input.node !== node);
  if (!isFree || !isNhwc || !additions.includes(sum.op) || !bias) return false;
  const shape = constantOf(bias)?.spec.shape;
  if (shape?.length !== 1 || shape[0] !== channels) return false;
  node.inputs = [...node.inputs, bias];
  node.attributes = { ...node.attributes, [hasBias]: { b: true } };
  return true;
}

function absorbActivation(node: GraphNode, { op }: GraphNode, { activation }: EpilogueAttributes): boolean {
  if (textAttribute(node, activation) !== 'linear' || !activations.includes(op)) return false;
  node.attributes = { ...node.attributes, [activation]: text(op.toLowerCase()) };
  return true;
}
