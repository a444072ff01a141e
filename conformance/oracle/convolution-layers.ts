import type { GoldenLayer } from '../src/golden-file.js';
import * as conv from './convolution.js';
import { filter, vector } from './golden-tensors.js';
import { inputOf, parametersOf, rows, type Rows, type Run } from './run.js';
import { sortedSites, type Site } from './sites.js';

export function convolutionLayer(layer: GoldenLayer, run: Run): Rows {
  const x = inputOf(layer, run);
  const geometry = geometryOf(layer);
  const parameters = convolutionParameters(layer, run);
  const y = rows(outputSites(layer, x.sites, run.source.spatialShape ?? null), []);
  y.values.push(...conv.convolve(x.values, x.sites, y.sites, geometry, parameters));
  addParameters(layer, run);
  run.backward.push(() => {
    const gradients = conv.convolveGradients(y.gradient, x.values, x.sites, y.sites, geometry, parameters);
    x.gradient = gradients.x;
    addGradients(layer, run, gradients);
  });
  return y;
}

export function inverseLayer(layer: GoldenLayer, run: Run): Rows {
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

/** The sites of a convolution or a pool. */
export function outputSites(
  layer: GoldenLayer,
  sites: readonly Site[],
  spatialShape: readonly number[] | null,
): Site[] {
  const geometry = geometryOf(layer);
  if (layer.output_set === 'same') return sortedSites(sites);
  if (layer.output_set === 'floor') return conv.flooredSites(sites, geometry.strides);
  return conv.coveringSites(sites, geometry, spatialShape, layer.output_set === 'ts_window');
}

export function geometryOf(layer: GoldenLayer): conv.Convolution {
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

function addParameters(layer: GoldenLayer, run: Run): void {
  const { weight, bias } = convolutionParameters(layer, run);
  run.tensors.push([`weight.${layer.name}`, filter(weight)]);
  if (bias) run.tensors.push([`bias.${layer.name}`, vector(bias)]);
}

function addGradients(layer: GoldenLayer, run: Run, gradients: conv.ConvolutionGradients): void {
  run.tensors.push([`grad_weight.${layer.name}`, filter(gradients.weight)]);
  if (parametersOf(layer, run).bias) run.tensors.push([`grad_bias.${layer.name}`, vector(gradients.bias)]);
}
