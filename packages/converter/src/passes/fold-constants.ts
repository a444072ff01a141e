import { dispose, io, type Tensor } from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { constantNode } from '../graph/constants.js';
import { Graph, type GraphInput, type GraphNode } from '../graph/graph.js';
import { writeGraph } from '../graph/write-graph.js';

/** Of which a run computes something new, or asks tensors for their values. */
const computedAnew: readonly string[] = [
  'RandomUniform',
  'RandomUniformInt',
  'RandomStandardNormal',
  'TruncatedNormal',
  'Multinomial',
  'NonMaxSuppressionV2',
  'NonMaxSuppressionV3',
  'NonMaxSuppressionV4',
  'NonMaxSuppressionV5',
  'Where',
  'ListDiff',
  'Unique',
  'UniqueV2',
];
const smallElements = 4096; // results of up to so many are kept whatever they are made of

/** Computes what depends on constants alone, and puts constants in its place, where they are not larger than their sources. */
export async function foldConstants(graph: Graph): Promise<void> {
  const sources = new Map<GraphNode, ReadonlySet<GraphNode> | null>();
  const open = graph.nodes.filter((node) => sourcesOf(node, sources) === null);
  const uses = new Map<string, GraphInput>();
  for (const input of open.flatMap(({ inputs }) => inputs)) {
    if (input.node.op !== 'Const' && sources.get(input.node)) uses.set(outputName(input), input);
  }
  if (uses.size === 0) return;
  const values = await valuesOf(uses);
  const folded = new Map<string, GraphNode>();
  for (const [name, { node }] of uses) {
    const { shape, elements } = values.get(name)!;
    const most = Math.max(
      smallElements,
      [...sources.get(node)!].reduce((sum, source) => sum + sizeOf(source), 0),
    );
    if (elements.length <= most) folded.set(name, graph.add(constantNode(node.name, shape, elements)));
  }
  for (const node of open) {
    node.inputs = node.inputs.map((input) => {
      const constant = folded.get(outputName(input));
      return constant ? { node: constant } : input;
    });
  }
}

function outputName({ node, output = '0' }: GraphInput): string {
  return `${node.name}:${output}`;
}

/** Constants that a node depends on, and on nothing else; null for others. */
function sourcesOf(
  node: GraphNode,
  known: Map<GraphNode, ReadonlySet<GraphNode> | null>,
): ReadonlySet<GraphNode> | null {
  let of = known.get(node);
  if (of === undefined) known.set(node, (of = sourcesOfNew(node, known)));
  return of;
}

function sourcesOfNew(
  node: GraphNode,
  known: Map<GraphNode, ReadonlySet<GraphNode> | null>,
): ReadonlySet<GraphNode> | null {
  const { op, inputs, controls, weight } = node;
  if (op === 'Const') return weight && weight.spec.dtype !== 'string' ? new Set([node]) : null;
  if (inputs.length === 0 || controls.length > 0 || computedAnew.includes(op)) return null;
  const of = inputs.map((input) => sourcesOf(input.node, known));
  return of.every((each) => each !== null) ? new Set(of.flatMap((each) => [...each])) : null;
}

function sizeOf({ weight }: GraphNode): number {
  return weight!.spec.shape.reduce((product, length) => product * length, 1);
}

interface Folded {
  readonly shape: readonly number[];
  readonly elements: Float32Array | Int32Array | Uint8Array;
}

/** Outputs of nodes that depend on constants, by their names. */
async function valuesOf(uses: ReadonlyMap<string, GraphInput>): Promise<Map<string, Folded>> {
  const needed = new Set<GraphNode>();
  const add = (node: GraphNode) => {
    if (needed.has(node)) return;
    node.inputs.forEach((input) => add(input.node));
    needed.add(node);
  };
  for (const { node } of uses.values()) add(node);
  const artifacts = { format: 'graph-model', modelTopology: { versions: { producer: 1 } } };
  const model = await loadGraphModel(io.fromMemory(writeGraph(new Graph({ artifacts, weights: [] }, [...needed]))));
  const names = [...uses.keys()];
  let tensors: Tensor[] = [];
  try {
    tensors = [model.execute({}, names)].flat();
    const values = await Promise.all(
      tensors.map(async (tensor) => ({ shape: tensor.shape, elements: await tensor.data() })),
    );
    return new Map(names.map((name, i) => [name, values[i]]));
  } finally {
    dispose(tensors);
    model.dispose();
  }
}
