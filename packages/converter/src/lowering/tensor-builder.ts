import { integers as integerList, dimensions, type Attributes } from '../graph/attributes.js';
import { constantNode, savedType } from '../graph/constants.js';
import { Graph, type GraphInput, type GraphNode } from '../graph/graph.js';
import {
  elementCount,
  plainOrder,
  requireShape,
  type Elements,
  type ElementType,
  type Length,
  type Value,
} from './value.js';
import { violation } from '@tfjs-sparse/core';
import { FormatError, requireFormat } from '../format-error.js';

/** What a node makes. */
export interface Made {
  readonly dtype: ElementType;
  readonly shape: readonly Length[];
  /** Default the plain one. */
  readonly order?: readonly number[];
  readonly output?: string;
}

interface SignatureEntry {
  readonly name: string;
  readonly dtype: string;
  readonly tensorShape: { readonly dim: { readonly size: number }[] };
}

const mostFolded = 2 ** 28;

/** Writes the graph of a network of another framework. */
export class TensorBuilder {
  readonly #signature = { inputs: {} as Record<string, SignatureEntry>, outputs: {} as Record<string, SignatureEntry> };
  readonly #graph = new Graph({
    artifacts: { format: 'graph-model', modelTopology: { versions: { producer: 1 } }, signature: this.#signature },
    weights: [],
  });
  readonly #ofConstants = new Set<GraphNode>();
  readonly #sizes = new Map<string, () => GraphNode>();
  #unknown = 0;
  /** Begins the names of nodes: where in the network they are. */
  scope = '';

  input(name: string, dtype: ElementType, shape: readonly Length[]): Value {
    requireShape(shape);
    const sizes = shape.map((length) => (typeof length === 'string' ? -1 : length));
    const attributes = { dtype: { type: savedType(dtype) }, shape: { shape: dimensions(sizes) } };
    const node = this.#graph.add({ name: nodeName(name), op: 'Placeholder', inputs: [], controls: [], attributes });
    this.#signature.inputs[name] = entryOf(node, dtype, shape);
    const value = { node, dtype, shape, order: plainOrder(shape.length) };
    shape.forEach((length, axis) => this.nameSize(length, value, axis));
    return value;
  }

  /** It becomes a node once one reads it. @param elements bytes are booleans */
  constant(shape: readonly number[], elements: Elements): Value {
    requireShape(shape);
    requireFormat(elementCount(shape) === elements.length, 'convert', `a tensor [${shape}] must have as many elements`, elements.length); // prettier-ignore
    const name = this.#name('Const');
    const add = () => this.#graph.add(constantNode(name, shape, elements));
    let node: GraphNode | null = null;
    return {
      get node() {
        return (node ??= add());
      },
      dtype: elements instanceof Float32Array ? 'float32' : elements instanceof Int32Array ? 'int32' : 'bool',
      shape,
      order: plainOrder(shape.length),
      constant: elements,
    };
  }

  scalar(value: number, dtype: ElementType = 'float32'): Value {
    if (dtype === 'bool') return this.constant([], Uint8Array.of(value));
    return this.constant([], dtype === 'int32' ? Int32Array.of(value) : Float32Array.of(value));
  }

  /** An int32 tensor of numbers and sizes; default a vector. */
  integers(elements: readonly Length[], shape: readonly number[] = [elements.length]): Value {
    if (elements.every((element) => typeof element === 'number')) {
      return this.constant(shape, Int32Array.from(elements));
    }
    const nodes = elements.map((element) => this.#sizeNode(element));
    const pack = this.add('Pack', nodes, { N: { i: nodes.length }, axis: { i: 0 } });
    const node = shape.length === 1 ? pack : this.add('Reshape', [pack, this.integers(shape).node]);
    return { node, dtype: 'int32', shape, order: plainOrder(shape.length), sizes: elements };
  }

  /** A node and the first of its outputs, or that of `made`. */
  emit(op: string, inputs: readonly Value[], made: Made, attributes: Attributes = {}): Value {
    requireShape(made.shape);
    const node = this.add(op, inputs, attributes);
    this.#requireFoldable(node, made.shape);
    const { dtype, shape, order = plainOrder(shape.length), output } = made;
    return { node, dtype, shape, order, ...(output !== undefined && { output }) };
  }

  add(op: string, inputs: readonly (GraphInput | GraphNode)[], attributes: Attributes = {}): GraphNode {
    return this.#graph.add({ name: this.#name(op), op, inputs: inputs.map(inputOf), controls: [], attributes });
  }

  /** @param value in the plain order */
  output(name: string, value: Value): void {
    const inputs = [inputOf(value)];
    const node = this.#graph.add({ name: nodeName(name), op: 'Identity', inputs, controls: [], attributes: {} });
    this.#signature.outputs[name] = entryOf(node, value.dtype, value.shape);
    this.#graph.addOutput(node);
  }

  /** The graph; its signature names inputs and outputs as the network does. */
  finish(): Graph {
    return this.#graph;
  }

  /** Lets a size be asked of an axis of a value where a run needs it. */
  nameSize(length: Length, value: Value, axis: number): void {
    if (typeof length === 'number' || this.#sizes.has(length)) return;
    this.#sizes.set(length, () => {
      const place = value.order.indexOf(axis);
      const vector = { begin: this.integers([place]), end: this.integers([place + 1]), strides: this.integers([1]) };
      const shape = this.add('Shape', [value]);
      const masks = { begin_mask: { i: 0 }, end_mask: { i: 0 }, ellipsis_mask: { i: 0 }, new_axis_mask: { i: 0 } };
      const attributes = { ...masks, shrink_axis_mask: { i: 1 } };
      return this.add('StridedSlice', [shape, vector.begin, vector.end, vector.strides], attributes);
    });
  }

  /** A size that nobody has named: of what depends on the values of tensors. */
  unknownSize(): string {
    return `unknown${this.#unknown++}`;
  }

  /** The size that a tensor of one number holds in a run. */
  sizeIn(value: Value): string {
    const name = this.unknownSize();
    this.#sizes.set(name, () => this.add('Identity', [value]));
    return name;
  }

  plus(a: Length, b: Length): Length {
    if (a === 0) return b;
    return b === 0 ? a : this.#computed('+', 'AddV2', a, b, (x, y) => x + y);
  }

  minus(a: Length, b: Length): Length {
    if (a === b) return 0;
    return b === 0 ? a : this.#computed('-', 'Sub', a, b, (x, y) => x - y);
  }

  times(a: Length, b: Length): Length {
    if (typeof a === 'number' && typeof b === 'string') return this.times(b, a);
    if (a === 0 || b === 0) return 0;
    if (b === 1) return a;
    if (typeof a === 'number' || typeof b === 'string') return this.#computed('*', 'Mul', a, b, (x, y) => x * y);
    const { base, factor } = factored(a);
    return this.#computed('*', 'Mul', base, factor * b, (x, y) => x * y);
  }

  /** Rounded down. */
  dividedBy(a: Length, b: Length): Length {
    if (b === 1) return a;
    const [{ base, factor }, divisor] = [factored(a), factored(b)];
    if (typeof a === 'string' && factor % divisor.factor === 0) {
      const quotient = factor / divisor.factor;
      if (divisor.base === '') return this.times(base, quotient);
      if (base === divisor.base) return quotient;
      const rest = `*${divisor.base})`;
      if (base.endsWith(rest)) return this.times(base.slice(1, -rest.length), quotient);
    }
    return this.#computed('/', 'FloorDiv', a, b, (x, y) => Math.floor(x / y));
  }

  /** Conversion computes what depends on constants alone: that must not be what a few bytes blow up. */
  #requireFoldable(node: GraphNode, shape: readonly Length[]): void {
    const isConstant = ({ node: of }: GraphInput) => of.op === 'Const' || this.#ofConstants.has(of);
    if (!node.inputs.every(isConstant)) return;
    const count = elementCount(shape) ?? 0;
    requireFormat(
      count <= mostFolded,
      'convert',
      `what constants give must have at most ${mostFolded} elements`,
      count,
    );
    this.#ofConstants.add(node);
  }

  #computed(sign: string, op: string, a: Length, b: Length, compute: (a: number, b: number) => number): Length {
    if (typeof a === 'number' && typeof b === 'number') return compute(a, b);
    requireShape([a, b].filter((length) => typeof length !== 'number'));
    const name = `(${a}${sign}${b})`;
    this.#sizes.set(name, () => this.add(op, [this.#sizeNode(a), this.#sizeNode(b)]));
    return name;
  }

  #sizeNode(size: Length): GraphNode {
    if (typeof size === 'number') return this.scalar(size, 'int32').node;
    const make = this.#sizes.get(size);
    if (!make) throw new FormatError(violation('convert', 'sizes that depend on values must not be needed', size));
    const node = make();
    this.#sizes.set(size, () => node);
    return node;
  }

  #name(op: string): string {
    return nodeName(this.scope === '' ? op : `${this.scope}/${op}`);
  }
}

/** A size as a name times a number; the name of a number is ''. */
function factored(length: Length): { readonly base: string; readonly factor: number } {
  if (typeof length === 'number') return { base: '', factor: length };
  const [, base, factor] = /^\((.+)\*(\d+)\)$/.exec(length) ?? [];
  return base === undefined ? { base: length, factor: 1 } : { base, factor: Number(factor) };
}

/** Attribute of a list of whole numbers. */
export const list = integerList;

function inputOf(input: GraphInput | GraphNode): GraphInput {
  if (!('node' in input)) return { node: input };
  return input.output === undefined ? { node: input.node } : { node: input.node, output: input.output };
}

function entryOf({ name }: GraphNode, dtype: ElementType, shape: readonly Length[]): SignatureEntry {
  const sizes = shape.map((length) => (typeof length === 'string' ? -1 : length));
  return { name: `${name}:0`, dtype: savedType(dtype), tensorShape: dimensions(sizes) };
}

/** tfjs splits names at colons, and a caret marks a control. */
function nodeName(name: string): string {
  return name.replace(/[^\w./-]/g, '_').replace(/^[/_]+/, '') || 'node';
}
