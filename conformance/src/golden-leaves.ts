import * as tf from '@tensorflow/tfjs-core';
import type { SafetensorsTensor } from '@tfjs-sparse/core';
import type { GoldenCase, GoldenLayer } from './golden-file.js';
import {
  filterLayout,
  layerGeometry,
  statedGeometry,
  type FilterLayout,
  type LayerGeometry,
} from './golden-geometry.js';

/** A tensor that gradients are taken of, as values in our layout. */
export interface Leaf {
  /** Name after `grad_`: features, dense, weight, bias, weight.<layer>, bias.<layer>. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly toGolden: (gradient: Float32Array) => Float32Array;
}

/** The case with everything brought into our layout. */
export interface GoldenProgram {
  readonly golden: GoldenCase;
  readonly rank: number;
  readonly leaves: readonly Leaf[];
  readonly geometries: ReadonlyMap<string, LayerGeometry>;
}

export function goldenProgram(golden: GoldenCase): GoldenProgram {
  const rank = (golden.tensors.get('in_positions') ?? requiredTensor(golden, 'in_coords')).shape[1] - 1;
  const leaves: Leaf[] = [inputLeaf(golden), ...operandLeaves(golden)];
  const geometries = new Map<string, LayerGeometry>();
  for (const layer of golden.layers) {
    const weight = layerTensor(golden, 'weight', layer);
    if (['conv', 'tconv', 'linear', 'depthwise'].includes(layer.op)) {
      if (!weight) throw new RangeError(`golden: layer '${layer.name}' must have a weight, got none`);
      const offsets = layerTensor(golden, 'offsets', layer)?.values as Int32Array | undefined;
      const geometry = offsets ? layerGeometry(layer, offsets, rank) : statedGeometry(layer, rank);
      geometries.set(layer.name, geometry);
      leaves.push(filterLeaf(weight, layerTensorName(golden, 'weight', layer), layer, geometry));
    } else if (weight) leaves.push(vectorLeaf(weight, layerTensorName(golden, 'weight', layer)));
    const bias = layerTensor(golden, 'bias', layer);
    if (bias) leaves.push(vectorLeaf(bias, layerTensorName(golden, 'bias', layer)));
  }
  return { golden, rank, leaves, geometries };
}

/** `<kind>.<layer>`, or `<kind>` alone where the case has one layer with parameters. */
export function layerTensorName(golden: GoldenCase, kind: string, layer: GoldenLayer): string {
  return golden.tensors.has(`${kind}.${layer.name}`) ? `${kind}.${layer.name}` : kind;
}

export function layerTensor(golden: GoldenCase, kind: string, layer: GoldenLayer): SafetensorsTensor | undefined {
  return layer.params ? golden.tensors.get(layerTensorName(golden, kind, layer)) : undefined;
}

export function requiredTensor(golden: GoldenCase, name: string): SafetensorsTensor {
  const tensor = golden.tensors.get(name);
  if (!tensor) throw new RangeError(`golden: ${golden.id} must have a tensor '${name}', got none`);
  return tensor;
}

/** The coordinates of the output; a golden without them has the sites of its input. */
export function outputRows(golden: GoldenCase): SafetensorsTensor {
  return golden.tensors.get('out_coords') ?? requiredTensor(golden, 'in_coords');
}

/** The coordinates of a layer's output: stored with it, or those of the layer before where the sites stay. */
export function layerRows(golden: GoldenCase, name: string): SafetensorsTensor | undefined {
  const stored = golden.tensors.get(name === 'in' ? 'in_coords' : `coords.${name}`);
  const layer = golden.layers.find((candidate) => candidate.name === name);
  return (
    stored ?? (layer && ['bn', 'relu', 'cat', 'linear'].includes(layer.op) ? layerRows(golden, layer.in[0]) : undefined)
  );
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

export function leafTensors(leaves: readonly Leaf[]): tf.Tensor[] {
  return leaves.map(({ values, shape }) => tf.tensor(values.slice(), [...shape], 'float32'));
}

function inputLeaf(golden: GoldenCase): Leaf {
  const dense = golden.tensors.get('in_dense');
  if (!dense) return rowsLeaf(requiredTensor(golden, 'in_features'), 'features');
  const [batch, channels, ...spatial] = dense.shape;
  return {
    name: 'dense',
    shape: [batch, ...spatial, channels],
    values: channelsLast(Float32Array.from(dense.values, Number), dense.shape),
    toGolden: (gradient) => channelsFirst(gradient, dense.shape),
  };
}

/** Features of the operands behind the first. */
function operandLeaves({ tensors }: GoldenCase): Leaf[] {
  return ['2', '3'].flatMap((number) => {
    const operand = tensors.get(`in${number}_features`);
    return operand ? [rowsLeaf(operand, `features${number}`)] : [];
  });
}

function rowsLeaf({ shape, values }: SafetensorsTensor, name: string): Leaf {
  return { name, shape, values: Float32Array.from(values, Number), toGolden: (gradient) => gradient };
}

function filterLeaf(weight: SafetensorsTensor, name: string, layer: GoldenLayer, geometry: LayerGeometry): Leaf {
  const layout: FilterLayout = filterLayout(layer.weight_layout ?? 'K,Cin,Cout', weight.shape, geometry.goldenRows);
  return {
    name,
    shape: layout.shape,
    values: layout.fromGolden(Float32Array.from(weight.values, Number)),
    toGolden: layout.toGolden,
  };
}

/** `[channels]`; MinkowskiEngine stores a bias as `[1, channels]`. */
function vectorLeaf({ dtype, values }: SafetensorsTensor, name: string): Leaf {
  return rowsLeaf({ dtype, shape: [values.length], values }, name);
}

function gridSizes([batch, channels, ...spatial]: readonly number[]): [number, number, number] {
  return [batch, channels, spatial.reduce((product, size) => product * size, 1)];
}
