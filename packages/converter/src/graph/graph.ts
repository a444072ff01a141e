import type { io } from '@tensorflow/tfjs-core';
import type { StoredWeight } from '@tfjs-sparse/core';
import type { Attributes } from './attributes.js';

/** A node of a frozen TensorFlow graph. Nodes refer to each other as objects; names count when the graph is written. */
export interface GraphNode {
  /** A new node of a name that the graph has already gets another one. */
  name: string;
  readonly op: string;
  inputs: readonly GraphInput[];
  /** Nodes that only must run first. */
  controls: readonly GraphNode[];
  attributes: Attributes;
  /** Of a constant. */
  readonly weight?: StoredWeight;
}

/** An output of a node that another node takes. */
export interface GraphInput {
  readonly node: GraphNode;
  /** Which one, as behind the colon in a saved graph; default the first. */
  readonly output?: string;
}

/** The parts of a saved graph model that are no nodes: format, signature, functions of control flow, an initialiser. */
export interface GraphSurroundings {
  readonly artifacts: io.ModelArtifacts;
  /** Weights of functions and of the initialiser. */
  readonly weights: readonly StoredWeight[];
}

/** A graph model in the converter's form: all of it is on the host, and nothing of it is shared with a loaded model. */
export class Graph {
  readonly kind = 'graph';
  readonly #nodes: GraphNode[];
  readonly #members: Set<GraphNode>;
  readonly #names: Set<string>;
  readonly #outputs = new Set<GraphNode>();

  /** @param nodes of different names */
  constructor(
    readonly surroundings: GraphSurroundings,
    nodes: readonly GraphNode[] = [],
  ) {
    this.#nodes = [...nodes];
    this.#members = new Set(nodes);
    this.#names = new Set([...nodes.map(({ name }) => name), ...surroundings.weights.map(({ spec }) => spec.name)]);
  }

  get nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  /** Nodes that the model gives, and those that must stay for another reason. */
  get outputs(): ReadonlySet<GraphNode> {
    return this.#outputs;
  }

  has(node: GraphNode): boolean {
    return this.#members.has(node);
  }

  nameOf({ name }: GraphNode): string {
    return name;
  }

  opOf({ op }: GraphNode): string {
    return op;
  }

  /** Adds a node behind the others, and before it those that it reads and the graph does not have. */
  add(node: GraphNode): GraphNode {
    node.name = this.#freeName(node.name);
    this.#insert(node, this.#nodes.length);
    return node;
  }

  addOutput(node: GraphNode): void {
    this.#outputs.add(node);
  }

  /** Puts a new node in the place of another, which it must not read and whose name and takers it gets. */
  replace(node: GraphNode, replacement: GraphNode): void {
    replacement.name = node.name;
    this.#insert(replacement, this.#nodes.indexOf(node));
    this.#redirect(node, replacement);
  }

  /** Lets a node do what `last`, the only one that takes it, has done: it gets the name, place and takers of `last`. */
  merge(node: GraphNode, last: GraphNode): void {
    node.name = last.name;
    this.#nodes.splice(this.#nodes.indexOf(node), 1);
    this.#nodes.splice(this.#nodes.indexOf(last), 0, node);
    this.#redirect(last, node);
  }

  /** Nodes that take an output of this one, once for each input. */
  takersOf(node: GraphNode): GraphNode[] {
    return this.#nodes.flatMap((taker) => [
      ...taker.inputs.filter((input) => input.node === node).map(() => taker),
      ...taker.controls.filter((control) => control === node).map(() => taker),
    ]);
  }

  /** Removes all other nodes. */
  retain(kept: ReadonlySet<GraphNode>): void {
    for (const node of this.#nodes.filter((each) => !kept.has(each))) this.#remove(node);
  }

  #insert(node: GraphNode, place: number): void {
    this.#members.add(node);
    this.#nodes.splice(place, 0, node);
    for (const read of [...node.inputs.map((input) => input.node), ...node.controls]) {
      if (this.#members.has(read)) continue;
      read.name = this.#freeName(read.name);
      this.#insert(read, this.#nodes.indexOf(node));
    }
  }

  #redirect(from: GraphNode, to: GraphNode): void {
    this.#remove(from);
    if (this.#outputs.delete(from)) this.#outputs.add(to);
    for (const taker of this.#nodes) {
      taker.inputs = taker.inputs.map((input) => (input.node === from ? { ...input, node: to } : input));
      taker.controls = taker.controls.map((control) => (control === from ? to : control));
    }
  }

  #remove(node: GraphNode): void {
    this.#members.delete(node);
    this.#nodes.splice(this.#nodes.indexOf(node), 1);
  }

  #freeName(wanted: string): string {
    let name = wanted;
    while (this.#names.has(name)) name += '_';
    this.#names.add(name);
    return name;
  }
}

/** The constant that an input is, through copies. */
export function constantOf({ node }: GraphInput): StoredWeight | undefined {
  return node.op === 'Identity' ? constantOf(node.inputs[0]) : node.weight;
}
