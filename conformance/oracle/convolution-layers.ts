import type { SafetensorsTensor } from '@tfjs-sparse/core';
import type { LayerBase } from '../src/layer-definition.js';
import type { LayerParameters } from './case-source.js';
import * as conv from './convolution.js';
import { filter, vector } from './golden-tensors.js';
import { inputOf, parametersOf, rows, type Rows, type Run } from './run.js';
import { sortedSites, vectorsBelow, type Site } from './sites.js';

/** What a golden says of windows on sites; fields follow the format of the engine goldens. */
export interface WindowFields {
  readonly kernel_size?: readonly number[];
  readonly kernel_shape?: 'cross';
  /** Taps of a kernel that is no box, in the order of its slices. */
  readonly taps?: readonly (readonly number[])[];
  readonly stride?: readonly number[];
  readonly padding?: readonly number[];
  readonly dilation?: readonly number[];
  /** Cells of the input grid per cell of the output grid, for engines that keep no tensor stride. */
  readonly m?: readonly number[];
  /** same, floor, covering, window, ts_window, generate, given, cached:<layer> */
  readonly output_set?: string;
}

export interface ConvolutionFields extends WindowFields {
  readonly output_padding?: readonly number[];
  readonly groups?: number;
  readonly weight_layout?: string;
}

type Convolutional = LayerBase & ConvolutionFields;

export function convolutionLayer(layer: Convolutional, run: Run): Rows {
  const x = inputOf(layer, run);
  const geometry = { ...geometryOf(layer), groups: groupsOf(layer, run) };
  const parameters = convolutionParameters(layer, run);
  const { targets, spatialShape = null } = run.source;
  const sites = layer.output_set === 'given' ? sortedSites(targets ?? []) : outputSites(layer, x.sites, spatialShape);
  const y = rows(sites, []);
  y.values.push(...conv.convolve(x.values, x.sites, y.sites, geometry, parameters));
  addParameters(layer, run);
  run.backward.push(() => {
    const gradients = conv.convolveGradients(y.gradient, x.values, x.sites, y.sites, geometry, parameters);
    x.gradient = gradients.x;
    addGradients(layer, run, gradients);
  });
  return y;
}

/** Onto the sites of an earlier layer, given sites, or all that are reached. */
export function transposedLayer(layer: Convolutional, run: Run): Rows {
  const x = inputOf(layer, run);
  const geometry = { ...geometryOf(layer), groups: groupsOf(layer, run) };
  const parameters = convolutionParameters(layer, run);
  const sites = transposedSites(layer, run, x, geometry);
  const y = rows(sites, conv.convolveInverse(x.values, x.sites, sites, geometry, parameters));
  addParameters(layer, run);
  run.backward.push(() => {
    const gradients = conv.convolveInverseGradients(y.gradient, x.values, x.sites, y.sites, geometry, parameters);
    x.gradient = gradients.x;
    addGradients(layer, run, gradients);
  });
  return y;
}

function transposedSites(
  layer: Convolutional,
  { source, values }: Run,
  x: Rows,
  geometry: conv.Convolution,
): readonly Site[] {
  const { output_set: set = '', output_padding: outputPadding = geometry.kernelSize.map(() => 0) } = layer;
  if (set === 'given') return sortedSites(source.targets ?? []);
  if (set === 'generate') return conv.generatedSites(x.sites, geometry, source.spatialShape ?? null, outputPadding);
  const target = values.get(set.replace('cached:', ''));
  if (!target) throw new RangeError(`oracle: output_set must name an earlier layer, got '${set}'`);
  return target.sites;
}

/** The sites of a convolution or a pool. */
export function outputSites(
  layer: WindowFields,
  sites: readonly Site[],
  spatialShape: readonly number[] | null,
): Site[] {
  const geometry = geometryOf(layer);
  if (layer.output_set === 'same') return sortedSites(sites);
  if (layer.output_set === 'floor') return conv.flooredSites(sites, geometry.strides);
  return conv.coveringSites(sites, geometry, spatialShape, layer.output_set === 'ts_window');
}

export function geometryOf(layer: WindowFields): conv.Convolution {
  const kernelSize = layer.kernel_size ?? (layer.taps ?? [[]])[0].map(() => 1);
  const each = (value: number) => kernelSize.map(() => value);
  const dilation = layer.dilation ?? each(1);
  const centred = kernelSize.map((size, axis) => (dilation[axis] * (size - 1)) / 2);
  const padding = layer.padding ?? (layer.output_set === 'same' ? centred : each(0));
  const isCross = layer.kernel_shape === 'cross';
  const isOnCross = (d: readonly number[]) => d.filter((step, axis) => step !== (kernelSize[axis] - 1) / 2).length < 2;
  const taps = isCross ? vectorsBelow(kernelSize).filter(isOnCross) : layer.taps;
  return { kernelSize, strides: layer.stride ?? each(1), padding, dilation, taps };
}

function groupsOf({ op, groups }: Convolutional, { source }: Run): number | undefined {
  return op === 'depthwise' ? source.channels : groups;
}

function convolutionParameters(layer: Convolutional, run: Run): conv.ConvolutionParameters {
  const { weight = [], bias } = parametersOf(layer, run);
  return { weight, bias };
}

function addParameters(layer: Convolutional, run: Run): void {
  const { weight, bias } = convolutionParameters(layer, run);
  run.tensors.push([`weight.${layer.name}`, filterOf(layer, weight)]);
  if (bias) run.tensors.push([`bias.${layer.name}`, vector(bias)]);
}

function addGradients(layer: Convolutional, run: Run, gradients: conv.ConvolutionGradients): void {
  run.tensors.push([`grad_weight.${layer.name}`, filterOf(layer, gradients.weight)]);
  if (parametersOf(layer, run).bias) run.tensors.push([`grad_bias.${layer.name}`, vector(gradients.bias)]);
}

/** Depthwise filters are `[offsets, channels]`. */
function filterOf({ op }: Convolutional, weight: NonNullable<LayerParameters['weight']>): SafetensorsTensor {
  const tensor = filter(weight);
  return op === 'depthwise' ? { ...tensor, shape: [tensor.shape[0], tensor.shape[2]] } : tensor;
}
