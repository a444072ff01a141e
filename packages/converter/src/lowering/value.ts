import { requireFormat } from '../format-error.js';
import type { GraphNode } from '../graph/graph.js';

/** Size of an axis: a number, or a text that names one which only a run knows. */
export type Length = number | string;

export type ElementType = 'float32' | 'int32' | 'bool';
export type Elements = Float32Array | Int32Array | Uint8Array;

/**
 * A tensor of a network that becomes a graph. Its axes are counted as the network's own framework counts them; the graph may
 * have them in another order, so that images stay NHWC from one convolution to the next.
 */
export interface Value {
  readonly node: GraphNode;
  /** Which output of the node; default the first. */
  readonly output?: string;
  readonly dtype: ElementType;
  readonly shape: readonly Length[];
  /** Axis i of the graph's tensor is axis `order[i]` of the value. */
  readonly order: readonly number[];
  /** Elements of a constant, row-major in the value's axes. */
  readonly constant?: Elements;
  /** Elements of a tensor of sizes that is no constant, because a run knows some of them. */
  readonly sizes?: readonly Length[];
}

/** Of a constant: what elements above this count are is asked only where they are needed. */
const mostSizes = 4096;

const mostWritten = 2 ** 22;
const mostAxes = 8;

/** A number of elements that a conversion itself writes. @throws FormatError above 4,194,304, as files of a few bytes could ask for */
export function writtenCount(count: number): number {
  const isFitting = Number.isInteger(count) && count >= 0 && count <= mostWritten;
  requireFormat(isFitting, 'convert', `elements must be a whole number of at most ${mostWritten}`, count);
  return count;
}

/** @throws FormatError for more than 8 axes, and for sizes that are none */
export function requireShape(shape: readonly Length[]): void {
  const isSize = (length: Length) => typeof length === 'string' || (Number.isSafeInteger(length) && length >= 0);
  const isShape = shape.length <= mostAxes && shape.every(isSize);
  requireFormat(isShape, 'convert', `a tensor must have at most ${mostAxes} axes of sizes that are whole numbers`, `[${shape.slice(0, mostAxes + 1)}]`); // prettier-ignore
}

/** Axes in their own order. */
export function plainOrder(rank: number): number[] {
  return Array.from({ length: writtenCount(rank) }, (_, axis) => axis);
}

/** The shape that the graph's tensor has. */
export function graphShape({ shape, order }: Pick<Value, 'shape' | 'order'>): Length[] {
  return order.map((axis) => shape[axis]);
}

/** Elements of a small tensor that are known before a run, with texts for those that name a size. */
export function sizesOf({ constant, sizes }: Value): readonly Length[] | null {
  if (sizes) return sizes;
  return constant && constant.length <= mostSizes ? Array.from(constant) : null;
}

/** The same where a run need not be asked. */
export function numbersOf(value: Value): readonly number[] | null {
  const sizes = sizesOf(value);
  return sizes?.every((size) => typeof size === 'number') ? sizes : null;
}

export function elementCount(shape: readonly Length[]): number | null {
  let count = 1;
  for (const length of shape) {
    if (typeof length === 'string') return null;
    count *= length;
  }
  return count;
}
