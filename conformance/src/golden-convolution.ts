import { zeros, type Tensor1D, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import { required, sitesOf, type ForwardContext, type LayerValue } from './forward-context.js';
import type { GoldenLayer } from './golden-file.js';
import { isCentred, type LayerGeometry } from './golden-geometry.js';
import { outputRows } from './golden-leaves.js';
import type { Sites, SparseFeatures } from './ops.js';

export function convolution(
  layer: GoldenLayer,
  filter: Tensor3D,
  bias: Tensor1D | undefined,
  context: ForwardContext,
): SparseFeatures {
  const x = sitesOf(layer.in[0], context);
  const { groups } = layer;
  if (layer.op === 'linear' || layer.output_set === 'same') {
    return required(context.ops.submConv)(x, filter, { ...submOptions(layer, context), bias, groups });
  }
  return required(context.ops.sparseConv)(x, filter, { ...stridedOptions(layer, context), bias, groups });
}

export function depthwise(
  layer: GoldenLayer,
  filter: Tensor2D,
  bias: Tensor1D | undefined,
  context: ForwardContext,
): SparseFeatures {
  const x = sitesOf(layer.in[0], context);
  if (layer.output_set === 'same') {
    return required(context.ops.submDepthwiseConv)(x, filter, { ...submOptions(layer, context), bias });
  }
  return required(context.ops.sparseDepthwiseConv)(x, filter, { ...stridedOptions(layer, context), bias });
}

export function transposedConvolution(
  layer: GoldenLayer,
  filter: Tensor3D,
  bias: Tensor1D | undefined,
  context: ForwardContext,
): SparseFeatures {
  const x = sitesOf(layer.in[0], context);
  const { strides, padding, dilation } = geometryOf(layer, context);
  const { groups, output_padding: outputPadding, output_set: set = '' } = layer;
  const options = { ...kernelOf(layer, context), strides, padding, dilation, bias, groups };
  if (!set.startsWith('cached:')) {
    const target = set === 'given' ? givenSites(layer, x, context) : undefined;
    return required(context.ops.sparseConvTranspose)(x, filter, { ...options, outputPadding, target });
  }
  const target = sitesOf(set.replace('cached:', ''), context).map;
  // The rule of the strided convolution that left the target: the layer whose input lay on these sites.
  const down = context.program.golden.layers.find(
    ({ op, output_set: rule, in: [input] }) =>
      op === 'conv' && rule !== 'same' && isOn(context.values.get(input), target),
  );
  return required(context.ops.sparseInverseConv)(x, filter, {
    ...options,
    outputRule: outputRule(down ?? layer),
    target,
  });
}

/** Coordinates in cells of a grid with a stride; goldens of some engines have them in those of the finest. */
export function cellsOf(coordinates: Int32Array, stride: readonly number[] | undefined, rank: number): Int32Array {
  if (!stride) return coordinates;
  return coordinates.map((value, i) => (i % (rank + 1) > 0 ? value / stride[(i % (rank + 1)) - 1] : value));
}

function submOptions(layer: GoldenLayer, context: ForwardContext) {
  const geometry = geometryOf(layer, context);
  const { dilation, padding } = geometry;
  return { ...kernelOf(layer, context), dilation, padding: isCentred(geometry) ? undefined : padding };
}

function stridedOptions(layer: GoldenLayer, context: ForwardContext) {
  const { strides, padding, dilation } = geometryOf(layer, context);
  const target = layer.output_set === 'given' ? givenSites(layer, sitesOf(layer.in[0], context), context) : undefined;
  return { ...kernelOf(layer, context), strides, padding, dilation, outputRule: outputRule(layer), target };
}

function kernelOf(layer: GoldenLayer, context: ForwardContext) {
  const { kernelSize, taps, isCross } = geometryOf(layer, context);
  if (taps) return { offsets: taps };
  return isCross ? { kernelSize, kernelShape: 'cross' as const } : { kernelSize };
}

/** The sites that a golden hands to its last layer. */
function givenSites(layer: GoldenLayer, x: SparseFeatures, { program, ops }: ForwardContext): Sites {
  const { golden, rank } = program;
  const { stride: strides = Array<number>(rank).fill(1), out_tensor_stride: tensorStride } = layer;
  const stride = x.map.stride.map((cells, axis) => {
    if (layer.op !== 'tconv') return cells * strides[axis];
    return cells % strides[axis] === 0 ? cells / strides[axis] : 1;
  });
  const { values, shape } = outputRows(golden);
  const coordinates = cellsOf(values as Int32Array, tensorStride, rank);
  const options = { rank, stride, batchSize: x.map.batchSize };
  return ops.sparseTensor(zeros([shape[0], 1]), coordinates, options).map;
}

export function outputRule({ output_set: set }: GoldenLayer): 'covering' | 'coveringFromMinimum' | 'floor' {
  if (set === 'ts_window') return 'coveringFromMinimum';
  return set === 'floor' ? 'floor' : 'covering';
}

function geometryOf(layer: GoldenLayer, { program }: ForwardContext): LayerGeometry {
  return required(program.geometries.get(layer.name));
}

function isOn(value: LayerValue | undefined, sites: Sites): boolean {
  return value?.kind === 'sites' && value.x.map === sites;
}
