import { isTrue } from '../graph/attributes.js';
import { weightValues } from '../graph/constants.js';
import { constantOf, type Graph, type GraphInput, type GraphNode } from '../graph/graph.js';

const ofElements: readonly string[] = ['Relu', 'Relu6', 'Elu', 'LeakyRelu', 'Sigmoid'];
const withVector: readonly string[] = ['AddV2', 'Add', 'BiasAdd', 'Mul', 'Sub'];

/**
 * Lets a reshape that keeps the last axis of a product come behind the bias and activation that follow it: a linear layer
 * over rows of several axes is a product of rows between two reshapes, and its bias belongs to the product.
 */
export async function sinkReshapes(graph: Graph): Promise<void> {
  for (const reshape of [...graph.nodes]) {
    const columns = graph.has(reshape) ? await columnsKept(reshape) : null;
    if (columns === null) continue;
    let last = reshape;
    for (let taker = onlyTaker(graph, last); taker; taker = onlyTaker(graph, last)) {
      if (!isOfColumns(taker, last, columns)) break;
      const moved: GraphNode = {
        ...taker,
        inputs: taker.inputs.map((input) => (input.node === last ? last.inputs[0] : input)),
      };
      const behind: GraphNode = { ...last, name: taker.name, inputs: [{ node: moved }, ...last.inputs.slice(1)] };
      graph.replace(taker, behind);
      last = behind;
    }
  }
}

/** Columns of the product that it reshapes, where its last axis is the same. */
async function columnsKept({ op, inputs }: GraphNode): Promise<number | null> {
  const [from, shape] = inputs;
  if (op !== 'Reshape' || from.node.op !== 'MatMul') return null;
  const filter = constantOf(from.node.inputs[1])?.spec.shape;
  const columns = filter?.[isTrue(from.node, 'transpose_b') ? 0 : 1];
  return columns !== undefined && (await lastLength(shape)) === columns ? columns : null;
}

async function lastLength(shape: GraphInput): Promise<number | undefined> {
  const weight = constantOf(shape);
  if (weight) return (await weightValues(weight)).at(-1);
  const last = shape.node.op === 'Pack' ? constantOf(shape.node.inputs[shape.node.inputs.length - 1]) : undefined;
  return last && (await weightValues(last)).at(-1);
}

function isOfColumns(taker: GraphNode, reshape: GraphNode, columns: number): boolean {
  if (ofElements.includes(taker.op)) return true;
  const other = taker.inputs.find((input) => input.node !== reshape);
  const shape = other && constantOf(other)?.spec.shape;
  return withVector.includes(taker.op) && shape?.length === 1 && (shape[0] === columns || shape[0] === 1);
}

function onlyTaker(graph: Graph, node: GraphNode): GraphNode | null {
  const takers = graph.takersOf(node);
  const isAlone = takers.length === 1 && !graph.outputs.has(node) && takers[0].controls.length === 0;
  return isAlone ? takers[0] : null;
}
