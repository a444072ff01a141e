import type { SafetensorsTensor } from '@tfjs-sparse/core';
import type { GoldenCase } from './golden-file.js';
import type { OperandType } from './tensor-operation.js';

/** A tensor that gradients are taken of, as values in our layout. */
export interface Leaf {
  /** Name after `grad_`: features, dense, weight, bias, weight.<layer>, bias.<layer>. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly toGolden: (gradient: Float32Array) => Float32Array;
}

export function requiredTensor(golden: GoldenCase, name: string): SafetensorsTensor {
  const tensor = golden.tensors.get(name);
  if (!tensor) throw new RangeError(`golden: ${golden.id} must have a tensor '${name}', got none`);
  return tensor;
}

/** `<kind>.<layer>`, or `<kind>` alone where the case has one layer with parameters. */
export function layerTensorName(golden: GoldenCase, kind: string, layer: { readonly name: string }): string {
  return golden.tensors.has(`${kind}.${layer.name}`) ? `${kind}.${layer.name}` : kind;
}

const storedTypes: Readonly<Record<string, OperandType>> = { F32: 'float32', I32: 'int32', BOOL: 'bool' };

/** What a stored tensor is to tfjs. */
export function operandTypeOf({ dtype }: SafetensorsTensor): string {
  return storedTypes[dtype] ?? dtype;
}

/** The coordinates of the output; a golden without them has the sites of its input. */
export function outputRows(golden: GoldenCase): SafetensorsTensor {
  return golden.tensors.get('out_coords') ?? requiredTensor(golden, 'in_coords');
}

/** @throws TypeError for a tensor of another dtype */
export function integersOf(golden: GoldenCase, name: string): Int32Array {
  const { values, dtype } = requiredTensor(golden, name);
  if (!(values instanceof Int32Array)) throw new TypeError(`golden: '${name}' must be int32 (I32), got ${dtype}`);
  return values;
}

/** @throws TypeError for a tensor of another dtype */
export function floatsOf(golden: GoldenCase, name: string): Float32Array {
  const { values, dtype } = requiredTensor(golden, name);
  if (!(values instanceof Float32Array)) throw new TypeError(`golden: '${name}' must be float32 (F32), got ${dtype}`);
  return values;
}

/** Features, or a bias, as they are. */
export function plainLeaf(golden: GoldenCase, tensor: string, name: string): Leaf {
  const { shape } = requiredTensor(golden, tensor);
  return { name, shape, values: floatsOf(golden, tensor), toGolden: (gradient) => gradient };
}

/** The parameters of a layer that are `[channels]`, where the golden has them; MinkowskiEngine stores `[1, channels]`. */
export function vectorLeaves(golden: GoldenCase, layer: { readonly name: string }, ...kinds: string[]): Leaf[] {
  return kinds.flatMap((kind) => {
    const name = layerTensorName(golden, kind, layer);
    if (!golden.tensors.has(name)) return [];
    const leaf = plainLeaf(golden, name, name);
    return [{ ...leaf, shape: [leaf.values.length] }];
  });
}

/** Channels first, as goldens store dense grids, to channels last: `[batch, channels, ...]` to `[batch, ..., channels]`. */
export function channelsLast(values: ArrayLike<number>, shape: readonly number[]): Float32Array {
  const [batch, channels, cells] = gridSizes(shape);
  return Float32Array.from({ length: values.length }, (_, index) => {
    const channel = index % channels;
    const cell = Math.floor(index / channels) % cells;
    return values[(Math.floor(index / channels / cells) * channels + channel) * cells + cell];
  }).subarray(0, batch * channels * cells);
}

/** The inverse of `channelsLast`; `shape` is still the channels-first one. */
export function channelsFirst(values: ArrayLike<number>, shape: readonly number[]): Float32Array {
  const [batch, channels, cells] = gridSizes(shape);
  return Float32Array.from({ length: batch * channels * cells }, (_, index) => {
    const cell = index % cells;
    const channel = Math.floor(index / cells) % channels;
    return values[(Math.floor(index / cells / channels) * cells + cell) * channels + channel];
  });
}

function gridSizes([batch, channels, ...spatial]: readonly number[]): [number, number, number] {
  return [batch, channels, spatial.reduce((product, size) => product * size, 1)];
}
