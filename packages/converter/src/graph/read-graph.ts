import type { io } from '@tensorflow/tfjs-core';
import { requireRange, splitWeights, type StoredWeight } from '@tfjs-sparse/core';
import type { Attributes } from './attributes.js';
import { Graph, type GraphInput, type GraphNode } from './graph.js';

const name = 'convertModel';

/** The topology of a saved graph model. */
export interface SavedGraph {
  readonly node: readonly SavedNode[];
  readonly library?: { readonly function?: readonly { readonly nodeDef?: readonly SavedNode[] }[] };
}

export interface SavedNode {
  readonly name: string;
  readonly op: string;
  /** Names of nodes, with `:1` behind the name of one with several outputs, and `^` before one that only must run first. */
  readonly input?: readonly string[];
  readonly attr?: Attributes;
}

export function isGraph(topology: object | undefined): topology is SavedGraph {
  return Array.isArray((topology as Partial<SavedGraph> | undefined)?.node);
}

/** A saved graph model in the converter's form. */
export function readGraph(artifacts: io.ModelArtifacts): Graph {
  const saved = artifacts.modelTopology as SavedGraph;
  const weights = new Map(splitWeights(name, artifacts).map((weight) => [weight.spec.name, weight]));
  const nodes = new Map<string, GraphNode>();
  for (const node of saved.node) {
    const isNode = typeof node?.name === 'string' && typeof node.op === 'string';
    requireRange(isNode, name, 'nodes of a graph must have a name and an op', node?.name);
    requireRange(!nodes.has(node.name), name, 'nodes of a graph must have different names', node.name);
    nodes.set(node.name, emptyNode(node, weights.get(node.name)));
  }
  for (const { name: taker, input = [] } of saved.node) {
    const node = nodes.get(taker)!;
    const isControl = (each: string) => each.startsWith('^');
    node.inputs = input.filter((each) => !isControl(each)).map((each) => inputOf(each, nodes));
    node.controls = input.filter(isControl).map((each) => inputOf(each.slice(1), nodes).node);
  }
  const apart = namesApart(artifacts, saved);
  const isApart = ({ spec }: StoredWeight) => apart.has(spec.name) || !nodes.has(spec.name);
  const graph = new Graph({ artifacts, weights: [...weights.values()].filter(isApart) }, [...nodes.values()]);
  for (const node of outputsOf(artifacts, nodes, graph)) graph.addOutput(node);
  return graph;
}

function emptyNode({ name, op, attr }: SavedNode, weight: StoredWeight | undefined): GraphNode {
  return { name, op, inputs: [], controls: [], attributes: attr ?? {}, weight };
}

function inputOf(text: string, nodes: ReadonlyMap<string, GraphNode>): GraphInput {
  const [nodeName, ...output] = text.split(':');
  const node = nodes.get(nodeName);
  requireRange(node !== undefined, name, 'inputs must be nodes of the graph', text);
  return output.length > 0 ? { node, output: output.join(':') } : { node };
}

/** Names of nodes of functions and of the initialiser, which have weights by name too. */
function namesApart({ modelInitializer }: io.ModelArtifacts, { library }: SavedGraph): Set<string> {
  const functions = (library?.function ?? []).flatMap(({ nodeDef = [] }) => nodeDef);
  const initializer = isGraph(modelInitializer) ? modelInitializer.node : [];
  return new Set([...functions, ...initializer].map((node) => node.name));
}

/** Nodes of the signature and the initialiser, and those that nobody takes. */
function outputsOf(
  { signature, userDefinedMetadata, modelInitializer }: io.ModelArtifacts,
  nodes: ReadonlyMap<string, GraphNode>,
  graph: Graph,
): GraphNode[] {
  const signatures = [signature, userDefinedMetadata?.signature] as (
    { outputs?: Record<string, { name: string }> } | undefined
  )[];
  const names = signatures.flatMap((each) => Object.values(each?.outputs ?? {}).map((output) => output.name));
  if (isGraph(modelInitializer)) names.push(...modelInitializer.node.map((node) => node.name));
  const named = names.map((each) => nodes.get(each.replace(/:.*$/, ''))).filter((node) => node !== undefined);
  const taken = new Set(
    graph.nodes.flatMap(({ inputs, controls }) => [...inputs.map(({ node }) => node), ...controls]),
  );
  return [...named, ...graph.nodes.filter((node) => !taken.has(node))];
}
