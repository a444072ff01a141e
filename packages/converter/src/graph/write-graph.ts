import type { io } from '@tensorflow/tfjs-core';
import { joinWeights, type StoredWeight } from '@tfjs-sparse/core';
import type { Graph, GraphInput, GraphNode } from './graph.js';
import type { SavedNode } from './read-graph.js';

/** A model and its weights. */
export interface SavedModel {
  readonly artifacts: io.ModelArtifacts;
  readonly weights: readonly StoredWeight[];
}

/** The graph as `tf.loadGraphModel` reads it. */
export function writeGraph(graph: Graph): io.ModelArtifacts {
  const { artifacts, weights } = savedGraph(graph);
  return { ...artifacts, ...joinWeights(weights) };
}

/** The same with its weights apart from each other. */
export function savedGraph({ nodes, surroundings: { artifacts, weights } }: Graph): SavedModel {
  const modelTopology = { ...artifacts.modelTopology, node: nodes.map(savedNode) };
  const ofNodes = nodes.flatMap((node) => (node.weight ? [renamed(node.weight, node.name)] : []));
  const names = new Set(ofNodes.map(({ spec }) => spec.name));
  const apart = weights.filter(({ spec }) => !names.has(spec.name));
  return { artifacts: { ...artifacts, modelTopology }, weights: [...ofNodes, ...apart] };
}

function savedNode({ name, op, inputs, controls, attributes }: GraphNode): SavedNode {
  const input = [...inputs.map(inputText), ...controls.map((control) => `^${control.name}`)];
  return { name, op, ...(input.length > 0 && { input }), attr: attributes };
}

function inputText({ node, output }: GraphInput): string {
  return output === undefined ? node.name : `${node.name}:${output}`;
}

/** tfjs finds a constant's weight by the node's name. */
function renamed({ spec, bytes }: StoredWeight, name: string): StoredWeight {
  return { spec: { ...spec, name }, bytes };
}
