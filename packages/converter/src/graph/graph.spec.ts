import type { io } from '@tensorflow/tfjs-core';
import type { Graph } from './graph.js';
import { type GraphNode } from './graph.js';
import { constantNode } from './constants.js';
import { readGraph } from './read-graph.js';
import { writeGraph } from './write-graph.js';

const floats = (name: string) => ({ name, shape: [1], dtype: 'float32' as const });

/** Two outputs of a Split, one of them renamed; a node that must only run first; a function with a weight of its own. */
function artifacts(): io.ModelArtifacts {
  return {
    format: 'graph-model',
    modelTopology: {
      node: [
        { name: 'x', op: 'Placeholder', attr: {} },
        { name: 'w', op: 'Const', attr: {} },
        { name: 'first', op: 'NoOp', attr: {} },
        { name: 'parts', op: 'Split', input: ['w', 'x'], attr: { num_split: { i: 2 } } },
        { name: 'sum', op: 'AddV2', input: ['parts', 'parts:1', '^first'], attr: {} },
        { name: 'y', op: 'Relu', input: ['sum'], attr: {} },
      ],
      library: { function: [{ nodeDef: [{ name: 'inner', op: 'Const' }] }] },
      versions: { producer: 1 },
    },
    signature: { outputs: { y: { name: 'y:0' }, sum: { name: 'sum:0' } } },
    weightSpecs: [floats('w'), floats('inner')],
    weightData: Float32Array.of(1, 2).buffer,
  };
}

const named = (graph: Graph, name: string) => graph.nodes.find((node) => node.name === name)!;
const node = (name: string, op: string, ...inputs: GraphNode[]): GraphNode => ({
  name,
  op,
  inputs: inputs.map((each) => ({ node: each })),
  controls: [],
  attributes: {},
});

describe('Graph', () => {
  it('is written as it was read', () => {
    const given = artifacts();
    expect(writeGraph(readGraph(given))).toEqual(given);
  });

  it('knows the outputs of the signature and those that nobody takes', () => {
    expect([...readGraph(artifacts()).outputs].map(({ name }) => name)).toEqual(['y', 'sum']);
    const withoutSignature = readGraph({ ...artifacts(), signature: undefined });
    expect([...withoutSignature.outputs].map(({ name }) => name)).toEqual(['y']);
  });

  it('replaces a node: takers, name and place as an output go to the new one, and what it reads comes along', () => {
    const graph = readGraph(artifacts());
    const [sum, parts, y] = ['sum', 'parts', 'y'].map((name) => named(graph, name));
    const constant = constantNode('w', [1], Float32Array.of(5));
    const inner = node('y', 'Neg', constant);
    const replacement = node('any', 'Abs', inner, parts);
    graph.replace(sum, replacement);
    expect(graph.has(sum)).toBeFalse();
    expect(replacement.name).toBe('sum');
    expect(y.inputs).toEqual([{ node: replacement }]);
    expect(graph.outputs.has(replacement)).toBeTrue();
    expect([inner.name, constant.name]).toEqual(['y_', 'w_']);
    const written = writeGraph(graph);
    expect(written.weightSpecs!.map(({ name }) => name)).toEqual(['w', 'w_', 'inner']);
    expect([...new Float32Array(written.weightData as ArrayBuffer)]).toEqual([1, 5, 2]);
  });

  it('merges a node with the one that takes it', () => {
    const graph = readGraph({ ...artifacts(), signature: undefined });
    const [sum, y] = [named(graph, 'sum'), named(graph, 'y')];
    graph.merge(sum, y);
    expect(graph.nodes.map(({ name, op }) => `${name} ${op}`).slice(-1)).toEqual(['y AddV2']);
    expect(graph.outputs.has(sum)).toBeTrue();
  });

  it('refuses two nodes of one name and inputs that are not there', () => {
    const withNodes = (...nodes: object[]) => ({ ...artifacts(), modelTopology: { node: nodes } });
    expect(() => readGraph(withNodes({ name: 'a', op: 'Abs' }, { name: 'a', op: 'Abs' }))).toThrowError(
      RangeError,
      'convertModel: nodes of a graph must have different names, got a',
    );
    expect(() => readGraph(withNodes({ name: 'a', op: 'Abs', input: ['b:1'] }))).toThrowError(
      RangeError,
      'convertModel: inputs must be nodes of the graph, got b:1',
    );
  });

  it('refuses weights that are shorter than their list', () => {
    expect(() => readGraph({ ...artifacts(), weightData: new ArrayBuffer(4) })).toThrowError(
      RangeError,
      'convertModel: the weights must have 8 bytes up to inner, got 4',
    );
  });
});
