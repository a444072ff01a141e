import { zeros, type Rank, type Tensor1D, type Tensor3D } from '@tensorflow/tfjs-core';
import type { CoordinateMap } from '@tfjs-sparse/core';
import type { ConvolutionFields } from '../../../oracle/convolution-layers.js';
import type { GoldenCase } from '../../../src/golden-file.js';
import { cellsOf } from '../../../src/golden-forward.js';
import {
  floatsOf,
  integersOf,
  layerTensorName,
  requiredTensor,
  vectorLeaves,
  type Leaf,
} from '../../../src/golden-tensors.js';
import type { LayerBase, LayerCall } from '../../../src/layer-definition.js';
import { sitesOf } from '../../../src/layer-value.js';
import { filterLayout } from './filter-layout.js';
import { geometryOf, isCentred } from './golden-geometry.js';

type Call = LayerCall<ConvolutionFields>;

/** Kinds of tensors that a golden has of a convolution. */
export const convolutionTensors = ['weight', 'bias', 'offsets'];

/** The filter in our layout, and the bias where there is one. */
export function convolutionLeaves(layer: LayerBase & ConvolutionFields, golden: GoldenCase, rank: number): Leaf[] {
  const name = layerTensorName(golden, 'weight', layer);
  const { shape } = requiredTensor(golden, name);
  const { goldenRows } = geometryOf(layer, golden, rank);
  const layout = filterLayout(layer.weight_layout ?? 'K,Cin,Cout', shape, goldenRows);
  const values = layout.fromGolden(floatsOf(golden, name));
  return [{ name, shape: layout.shape, values, toGolden: layout.toGolden }, ...vectorLeaves(golden, layer, 'bias')];
}

export function filterOf({ parameter }: Call): Tensor3D {
  return parameter('weight') as Tensor3D;
}

export function submOptions(call: Call) {
  const geometry = geometryOf(call.layer, call.golden, call.rank);
  const { dilation, padding } = geometry;
  return { ...common(call), dilation, padding: isCentred(geometry) ? undefined : padding };
}

export function stridedOptions(call: Call) {
  const { layer, golden, rank } = call;
  const { strides, padding, dilation } = geometryOf(layer, golden, rank);
  const target = layer.output_set === 'given' ? givenSites(call) : undefined;
  return { ...common(call), strides, padding, dilation, outputRule: outputRule(layer.output_set), target };
}

export function transposedOptions(call: Call) {
  const { layer, golden, rank } = call;
  const { strides, padding, dilation } = geometryOf(layer, golden, rank);
  const target = layer.output_set === 'given' ? givenSites(call) : undefined;
  return { ...common(call), strides, padding, dilation, outputPadding: layer.output_padding, target };
}

/** Onto the sites of the layer that `output_set` names. */
export function inverseOptions(call: Call) {
  const { layer, golden, rank, valueOf } = call;
  const { strides, padding, dilation } = geometryOf(layer, golden, rank);
  const name = (layer.output_set ?? '').replace('cached:', '');
  const target = sitesOf(name, valueOf(name)).map;
  const earlier = golden.layers.slice(
    0,
    golden.layers.findIndex((candidate) => candidate.name === layer.name),
  );
  // The rule of the strided convolution that left the target: the layer whose input lay on these sites.
  const down = earlier.find(({ op, output_set: set, in: [input] }) => {
    const value = valueOf(input);
    return op === 'conv' && set !== 'same' && value.kind === 'sites' && value.x.map === target;
  });
  return { ...common(call), strides, padding, dilation, outputRule: outputRule((down ?? layer).output_set), target };
}

export function outputRule(set: unknown): 'covering' | 'coveringFromMinimum' | 'floor' {
  if (set === 'ts_window') return 'coveringFromMinimum';
  return set === 'floor' || set === 'same' ? 'floor' : 'covering'; // of strides 1, floor keeps the sites
}

function common(call: Call) {
  const { layer, parameter } = call;
  return { ...kernelOf(call), bias: parameter('bias') as Tensor1D | undefined, groups: layer.groups };
}

function kernelOf({ layer, golden, rank }: Call) {
  const { kernelSize, taps, isCross } = geometryOf(layer, golden, rank);
  if (taps) return { offsets: taps };
  return isCross ? { kernelSize, kernelShape: 'cross' as const } : { kernelSize };
}

/** The sites that a golden hands to its last layer. */
function givenSites({ layer, golden, rank, x, makeSites }: Call): CoordinateMap {
  const { stride: strides = Array<number>(rank).fill(1), out_tensor_stride: tensorStride } = layer;
  const stride = x.map.stride.map((cells, axis) => {
    if (layer.op !== 'tconv') return cells * strides[axis];
    return cells % strides[axis] === 0 ? cells / strides[axis] : 1;
  });
  const name = golden.tensors.has('out_coords') ? 'out_coords' : 'in_coords';
  const coordinates = cellsOf(integersOf(golden, name), tensorStride, rank);
  const features = zeros<Rank.R2>([coordinates.length / (1 + rank), 1]);
  return makeSites(features, coordinates, { rank, stride, batchSize: x.map.batchSize }).map;
}
