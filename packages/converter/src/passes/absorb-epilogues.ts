import { isTrue, text, textAttribute } from '../graph/attributes.js';
import { constantOf, type Graph, type GraphNode } from '../graph/graph.js';

/** How a node of a plugin's op holds what it does to its sums. */
export interface EpilogueAttributes {
  /** Whether it has a bias `[channels]`, its last input but for a residual. */
  readonly hasBias: string;
  /** Whether its last input is a residual, behind the bias; absent where the op takes none. */
  readonly hasResidual?: string;
  /** `linear`, `relu` or `relu6`. */
  readonly activation: string;
  readonly channels: number | undefined;
}

const additions: readonly string[] = ['Add', 'AddV2'];
const activations: readonly string[] = ['Relu', 'Relu6'];

/**
 * Lets nodes do the biases, residuals and ReLUs that follow them as nodes of their own. A residual of another shape than
 * the output is absorbed too: shapes are known when the model runs.
 *
 * @param epilogueOf null for nodes that cannot
 */
export function absorbEpilogues(graph: Graph, epilogueOf: (node: GraphNode) => EpilogueAttributes | null): void {
  for (const node of [...graph.nodes]) {
    const epilogue = graph.has(node) ? epilogueOf(node) : null;
    if (!epilogue) continue;
    for (let last = onlyTaker(graph, node); last; last = onlyTaker(graph, node)) {
      const isAbsorbed = [absorbBias, absorbResidual, absorbActivation].some((absorb) => absorb(node, last, epilogue));
      if (!isAbsorbed) break;
      graph.merge(node, last);
    }
  }
}

function onlyTaker(graph: Graph, node: GraphNode): GraphNode | null {
  const takers = graph.takersOf(node);
  const [taker] = takers;
  return takers.length === 1 && taker.controls.length === 0 && !graph.outputs.has(node) ? taker : null;
}

function absorbBias(node: GraphNode, sum: GraphNode, epilogue: EpilogueAttributes): boolean {
  const { hasBias, hasResidual, activation, channels } = epilogue;
  const isTaken = isTrue(node, hasBias) || (hasResidual !== undefined && isTrue(node, hasResidual));
  const isNhwc = (textAttribute(sum, 'data_format') ?? 'NHWC') === 'NHWC';
  const bias = sum.inputs.find((input) => input.node !== node);
  const isSum = sum.op === 'BiasAdd' || additions.includes(sum.op);
  if (isTaken || textAttribute(node, activation) !== 'linear' || !isNhwc || !isSum || !bias) return false;
  const shape = constantOf(bias)?.spec.shape;
  if (shape?.length !== 1 || shape[0] !== channels) return false;
  node.inputs = [...node.inputs, bias];
  node.attributes = { ...node.attributes, [hasBias]: { b: true } };
  return true;
}

function absorbResidual(node: GraphNode, sum: GraphNode, { hasResidual, activation }: EpilogueAttributes): boolean {
  const residual = sum.inputs.find((input) => input.node !== node);
  if (!hasResidual || isTrue(node, hasResidual) || textAttribute(node, activation) !== 'linear') return false;
  if (!additions.includes(sum.op) || !residual) return false;
  node.inputs = [...node.inputs, residual];
  node.attributes = { ...node.attributes, [hasResidual]: { b: true } };
  return true;
}

function absorbActivation(node: GraphNode, { op }: GraphNode, { activation }: EpilogueAttributes): boolean {
  if (textAttribute(node, activation) !== 'linear' || !activations.includes(op)) return false;
  node.attributes = { ...node.attributes, [activation]: text(op.toLowerCase()) };
  return true;
}
