import type { SafetensorsTensor } from '@tfjs-sparse/core';
import type { GoldenLayer } from '../src/golden-file.js';
import { batchNorm, batchNormGradients } from './batch-norm.js';
import type { CaseSource } from './case-source.js';
import * as conv from './convolution.js';
import { denseOf, nonzeroSites, rowsOf } from './grid.js';
import { drawRows, uniformFrom } from './random.js';
import { reduceRows, reduceRowsGradient, type ReductionMode } from './reduction.js';
import { sortedSites, type Site } from './sites.js';
import { cellOf, groupCells } from './voxels.js';

/** Rows on sites and, once the layers after them ran backwards, the gradient of each. */
interface Rows {
  readonly sites: readonly Site[];
  readonly values: number[][];
  gradient: number[][];
}

/** A run of one case: its values by layer, the tensors that it adds to the golden, and how to run backwards. */
interface Run {
  readonly source: CaseSource;
  readonly values: Map<string, Rows>;
  readonly tensors: [string, SafetensorsTensor][];
  readonly backward: (() => void)[];
}

/** The golden tensors of a case, inputs included, from a float64 reading of the definitions. */
export function evaluateCase(source: CaseSource): [string, SafetensorsTensor][] {
  const run: Run = { source, values: new Map(), tensors: [], backward: [] };
  const { layers, coordinates, features, dense, positions, rank } = source;
  if (positions) run.tensors.push(['in_positions', floats(positions, 1 + rank)]);
  else run.tensors.push(['in_coords', integers(coordinates, 1 + rank)]);
  const input: Rows = { sites: coordinates, values: copyOf(features ?? []), gradient: [] };
  if (features) run.tensors.push(['in_features', floats(features, source.channels)]);
  if (dense)
    run.tensors.push(['in_dense', { dtype: 'F32', shape: dense.shape, values: Float32Array.from(dense.values) }]);
  run.values.set('in', input);
  layers.forEach((layer, index) => {
    const isLast = index === layers.length - 1;
    const output = runLayer(layer, run);
    run.values.set(layer.name, output);
    const channels = output.values[0]?.length ?? outputChannels(layer, source);
    if (layer.op !== 'dense' && isLast) {
      const isOnInput = !positions && String(output.sites) === String(coordinates);
      if (!isOnInput) run.tensors.push(['out_coords', integers(output.sites, 1 + rank)]);
      run.tensors.push(['out_features', floats(output.values, channels)]);
    }
    output.gradient = output.values.map((row) => row.map(() => 0));
    if (!isLast || source.cotangentSeed === undefined) return;
    output.gradient = drawRows(uniformFrom(source.cotangentSeed), output.values.length, channels);
    const { shape } = run.tensors[run.tensors.length - 1][1]; // of out_features
    run.tensors.push(['cotangent', { dtype: 'F32', shape, values: Float32Array.from(output.gradient.flat()) }]);
    for (const step of run.backward.reverse()) step();
    if (features) run.tensors.push(['grad_features', floats(input.gradient, source.channels)]);
  });
  return run.tensors;
}

function runLayer(layer: GoldenLayer, run: Run): Rows {
  switch (layer.op) {
    case 'conv':
      return convolutionLayer(layer, run);
    case 'tconv':
      return inverseLayer(layer, run);
    case 'bn':
      return batchNormLayer(layer, run);
    case 'gavg':
    case 'gmax':
    case 'gsum':
      return globalPoolLayer(layer, run);
    case 'reduce_rows':
      return voxelLayer(layer, run);
    case 'dense':
      return denseLayer(layer, run);
    case 'from_dense':
      return fromDenseLayer(layer, run);
    default:
      throw new RangeError(`oracle: op must be one that it defines, got '${layer.op}'`);
  }
}

function convolutionLayer(layer: GoldenLayer, run: Run): Rows {
  const x = inputOf(layer, run);
  const geometry = geometryOf(layer);
  const parameters = convolutionParameters(layer, run);
  const outputSites = () => {
    if (layer.output_set === 'same') return x.sites;
    if (layer.output_set === 'floor') return conv.flooredSites(x.sites, geometry.strides);
    return conv.coveringSites(x.sites, geometry, run.source.spatialShape ?? null);
  };
  const y = rows(layer.output_set === 'same' ? sortedSites(x.sites) : outputSites(), []);
  y.values.push(...conv.convolve(x.values, x.sites, y.sites, geometry, parameters));
  addParameters(layer, run);
  run.backward.push(() => {
    const gradients = conv.convolveGradients(y.gradient, x.values, x.sites, y.sites, geometry, parameters);
    x.gradient = gradients.x;
    addGradients(layer, run, gradients);
  });
  return y;
}

function inverseLayer(layer: GoldenLayer, run: Run): Rows {
  const x = inputOf(layer, run);
  const geometry = geometryOf(layer);
  const parameters = convolutionParameters(layer, run);
  const target = run.values.get((layer.output_set ?? '').replace('cached:', ''));
  if (!target) throw new RangeError(`oracle: output_set must name an earlier layer, got '${layer.output_set}'`);
  const y = rows(target.sites, conv.convolveInverse(x.values, x.sites, target.sites, geometry, parameters));
  addParameters(layer, run);
  run.backward.push(() => {
    const gradients = conv.convolveInverseGradients(y.gradient, x.values, x.sites, y.sites, geometry, parameters);
    x.gradient = gradients.x;
    addGradients(layer, run, gradients);
  });
  return y;
}

function batchNormLayer(layer: GoldenLayer, run: Run): Rows {
  const x = inputOf(layer, run);
  const { scale = [], bias } = parametersOf(layer, run);
  const { y: values, mean, variance } = batchNorm(x.values, scale, bias ?? [], layer.eps ?? 0);
  const y = rows(x.sites, values);
  const momentum = layer.momentum ?? 0;
  const unbiased = variance.map((value) => (value * x.sites.length) / Math.max(1, x.sites.length - 1));
  run.tensors.push(['weight', vector(scale)], ['bias', vector(bias ?? [])]);
  run.tensors.push(
    ['running_mean_before', vector(scale.map(() => 0))],
    ['running_var_before', vector(scale.map(() => 1))],
  );
  run.tensors.push(['running_mean_after', vector(mean.map((value) => momentum * value))]);
  run.tensors.push(['running_var_after', vector(unbiased.map((value) => 1 - momentum + momentum * value))]);
  run.backward.push(() => {
    const gradients = batchNormGradients(y.gradient, x.values, scale, layer.eps ?? 0);
    x.gradient = gradients.x;
    run.tensors.push(['grad_weight', vector(gradients.scale)], ['grad_bias', vector(gradients.offset)]);
  });
  return y;
}

function globalPoolLayer(layer: GoldenLayer, run: Run): Rows {
  const x = inputOf(layer, run);
  const mode = ({ gavg: 'mean', gmax: 'max', gsum: 'sum' } as const)[layer.op as 'gavg' | 'gmax' | 'gsum'];
  const batches = x.sites.map(([batch]) => batch);
  const batchSize = run.source.batchSize ?? Math.max(0, ...batches) + 1;
  const clouds = Array.from({ length: batchSize }, (_, batch) => [batch, ...Array<number>(run.source.rank).fill(0)]);
  return reductionLayer(x, clouds, batches, mode, run);
}

function voxelLayer(layer: GoldenLayer, run: Run): Rows {
  const { positions, coordinates, rank } = run.source;
  const zeros = Array<number>(rank).fill(0);
  const ones = Array<number>(rank).fill(1);
  const cells = (positions ?? coordinates).map(([batch, ...point]) => [
    batch,
    ...cellOf(point, layer.origin ?? zeros, layer.voxel_size ?? ones),
  ]);
  const { sites, rowOf } = groupCells(cells);
  run.tensors.push(['row_index', { dtype: 'I32', shape: [rowOf.length], values: Int32Array.from(rowOf) }]);
  return reductionLayer(inputOf(layer, run), sites, rowOf, (layer.mode ?? 'mean') as ReductionMode, run);
}

function reductionLayer(x: Rows, groups: readonly Site[], groupOf: number[], mode: ReductionMode, run: Run): Rows {
  const y = rows(groups, reduceRows(x.values, groupOf, groups.length, run.source.channels, mode));
  run.backward.push(() => {
    x.gradient = reduceRowsGradient(y.gradient, x.values, groupOf, mode);
  });
  return y;
}

function denseLayer(layer: GoldenLayer, run: Run): Rows {
  const x = inputOf(layer, run);
  const { source } = run;
  const spatialShape = source.gridShape ?? [];
  const origin = layer.min ?? spatialShape.map(() => 0);
  const batchSize = source.batchSize ?? Math.max(0, ...x.sites.map(([batch]) => batch)) + 1;
  const values = denseOf(x.values, x.sites, batchSize, source.channels, spatialShape, origin);
  const shape = [batchSize, source.channels, ...spatialShape];
  run.tensors.push(['out_features', { dtype: 'F32', shape, values: Float32Array.from(values) }]);
  const y = rows([], [values]); // the whole grid as one row
  run.backward.push(() => {
    x.gradient = rowsOf(y.gradient[0], x.sites, source.channels, spatialShape, origin);
  });
  return y;
}

function fromDenseLayer(layer: GoldenLayer, run: Run): Rows {
  const { dense, coordinates, channels } = run.source;
  if (!dense) throw new RangeError('oracle: from_dense must have a dense input, got none');
  const [batchSize, , ...spatialShape] = dense.shape;
  const origin = spatialShape.map(() => 0);
  const isGiven = layer.mode !== 'nonzero';
  const sites = isGiven ? sortedSites(coordinates) : nonzeroSites(dense.values, batchSize, channels, spatialShape);
  const y = rows(sites, rowsOf(dense.values, sites, channels, spatialShape, origin));
  run.backward.push(() => {
    const gradient = denseOf(y.gradient, sites, batchSize, channels, spatialShape, origin);
    run.tensors.push(['grad_dense', { dtype: 'F32', shape: dense.shape, values: Float32Array.from(gradient) }]);
  });
  return y;
}

function geometryOf(layer: GoldenLayer): conv.Convolution {
  const kernelSize = layer.kernel_size ?? [];
  const each = (value: number) => kernelSize.map(() => value);
  const dilation = layer.dilation ?? each(1);
  const centred = kernelSize.map((size, axis) => (dilation[axis] * (size - 1)) / 2);
  const padding = layer.output_set === 'same' ? centred : (layer.padding ?? each(0));
  return { kernelSize, strides: layer.stride ?? each(1), padding, dilation };
}

function convolutionParameters(layer: GoldenLayer, run: Run): conv.ConvolutionParameters {
  const { weight = [], bias } = parametersOf(layer, run);
  return { weight, bias };
}

function parametersOf(layer: GoldenLayer, { source }: Run) {
  return source.parameters?.[layer.name] ?? { bias: null };
}

function addParameters(layer: GoldenLayer, run: Run): void {
  const { weight, bias } = convolutionParameters(layer, run);
  run.tensors.push([`weight.${layer.name}`, filter(weight)]);
  if (bias) run.tensors.push([`bias.${layer.name}`, vector(bias)]);
}

function addGradients(layer: GoldenLayer, run: Run, gradients: conv.ConvolutionGradients): void {
  run.tensors.push([`grad_weight.${layer.name}`, filter(gradients.weight)]);
  if (parametersOf(layer, run).bias) run.tensors.push([`grad_bias.${layer.name}`, vector(gradients.bias)]);
}

function inputOf(layer: GoldenLayer, { values }: Run): Rows {
  const x = values.get(layer.in[0]);
  if (!x) throw new RangeError(`oracle: input must be an earlier layer, got '${layer.in[0]}'`);
  return x;
}

/** Channels of an output without rows. */
function outputChannels(layer: GoldenLayer, { parameters, channels }: CaseSource): number {
  return parameters?.[layer.name]?.weight?.[0][0].length ?? channels;
}

function rows(sites: readonly Site[], values: number[][]): Rows {
  return { sites, values, gradient: [] };
}

function copyOf(values: readonly (readonly number[])[]): number[][] {
  return values.map((row) => [...row]);
}

function floats(values: readonly (readonly number[])[], columns: number): SafetensorsTensor {
  return { dtype: 'F32', shape: [values.length, columns], values: Float32Array.from(values.flat()) };
}

function integers(values: readonly (readonly number[])[], columns: number): SafetensorsTensor {
  return { dtype: 'I32', shape: [values.length, columns], values: Int32Array.from(values.flat()) };
}

function vector(values: readonly number[]): SafetensorsTensor {
  return { dtype: 'F32', shape: [values.length], values: Float32Array.from(values) };
}

function filter(weight: conv.ConvolutionParameters['weight']): SafetensorsTensor {
  const shape = [weight.length, weight[0].length, weight[0][0].length];
  return { dtype: 'F32', shape, values: Float32Array.from(weight.flat(2)) };
}
