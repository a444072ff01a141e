import type * as tf from '@tensorflow/tfjs';
import { flatFormerBlock } from './plain-attention.js';
import { gelu, matrix, normalized, relu, softmax, times, vector, type Site, type Value } from './plain-rows.js';

/**
 * What a network gives for one cloud, by the definitions of its layers: look-ups by site and sums in float64, with none of
 * the project's kernels.
 *
 * @param coordinates int32 `[sites, 4]`
 * @param features    float32 `[sites, channels]`
 * @returns           float64 `[classes]`
 */
export function plainAnswer(network: tf.LayersModel, coordinates: Int32Array, features: Float32Array): Float64Array {
  const sites = Array.from({ length: coordinates.length / 4 }, (_, site): Site => {
    const [x, y, z] = coordinates.subarray(4 * site + 1, 4 * site + 4);
    return [x, y, z];
  });
  const channels = features.length / sites.length;
  const rows = sites.map((_, site) => Float64Array.from(features.subarray(site * channels, (site + 1) * channels)));
  const values = new Map<tf.SymbolicTensor, Value>(network.inputs.map((input) => [input, { rows, sites }]));
  const valueOf = (symbol: tf.SymbolicTensor): Value => {
    const known = values.get(symbol);
    if (known) return known;
    const { inputTensors, outputTensors } = symbol.sourceLayer.inboundNodes[symbol.nodeIndex];
    const value = valueOfLayer(symbol.sourceLayer, inputTensors.map(valueOf));
    for (const output of outputTensors) values.set(output, value);
    return value;
  };
  return valueOf(network.outputs[0]).rows[0];
}

function valueOfLayer(layer: tf.layers.Layer, inputs: readonly Value[]): Value {
  const [x] = inputs;
  switch (layer.getClassName()) {
    case 'Dense':
      return dense(layer, x);
    case 'FlatFormerBlock':
      return flatFormerBlock(layer, x);
    case 'SerializedPooling':
      return pooled(layer, x);
    case 'SubmConv3D':
      return convolved(layer, x, x.sites, ([a, b, c], [i, j, k]) => [a + i - 1, b + j - 1, c + k - 1]);
    case 'SparseConv3D':
      return convolved(layer, x, coarseSites(x.sites), ([a, b, c], [i, j, k]) => [2 * a + i, 2 * b + j, 2 * c + k]);
    case 'SparseGlobalPooling3D':
      return { rows: [reduced(x, layer.getConfig().reduction === 'max')], sites: [] };
    case 'Concatenate':
      return { rows: [Float64Array.from(inputs.flatMap(({ rows }) => [...rows[0]]))], sites: [] };
    default:
      throw new Error(`plainAnswer: layers must be those of buildNetwork, got ${layer.getClassName()}`);
  }
}

function dense(layer: tf.layers.Layer, { rows, sites }: Value): Value {
  const [kernel, bias] = layer.getWeights();
  const [weights, offsets, activate] = [matrix(kernel), vector(bias), activationOf(layer)];
  return { rows: rows.map((row) => activate(times(row, weights, offsets))), sites };
}

function pooled(layer: tf.layers.Layer, { rows, sites }: Value): Value {
  const [kernel, bias, scale, offset] = layer.getWeights();
  const [weights, offsets] = [matrix(kernel), vector(bias)];
  const greatest = new Map<string, Float64Array>();
  rows.forEach((row, site) => {
    const cell = coarse(sites[site]).join();
    const projected = times(row, weights, offsets);
    greatest.set(cell, greatest.get(cell)?.map((value, i) => Math.max(value, projected[i])) ?? projected);
  });
  const cells = coarseSites(sites);
  const normal = cells.map((cell) => normalized(greatest.get(cell.join())!, vector(scale), vector(offset)));
  return { rows: normal.map(gelu), sites: cells };
}

/** `activation(bias + sum over offsets of filter[offset] * the row of the site that sourceOf names)`. */
function convolved(
  layer: tf.layers.Layer,
  { rows, sites }: Value,
  outputSites: readonly Site[],
  sourceOf: (site: Site, offset: Site) => Site,
): Value {
  const [kernel, bias] = layer.getWeights().map((weight) => weight.dataSync());
  const [offsets, inChannels, outChannels] = layer.getWeights()[0].shape;
  const size = Math.round(Math.cbrt(offsets));
  const index = new Map(sites.map((site, i) => [site.join(), i]));
  const activate = activationOf(layer);
  const outputs = outputSites.map((site) => {
    const sums = Float64Array.from(bias);
    for (let at = 0; at < offsets; at++) {
      const offset: Site = [Math.floor(at / size ** 2), Math.floor(at / size) % size, at % size];
      const row = rows[index.get(sourceOf(site, offset).join()) ?? -1];
      if (!row) continue;
      row.forEach((value, i) => {
        for (let o = 0; o < outChannels; o++) sums[o] += value * kernel[(at * inChannels + i) * outChannels + o];
      });
    }
    return activate(sums);
  });
  return { rows: outputs, sites: outputSites };
}

function reduced({ rows }: Value, isMaximum: boolean): Float64Array {
  return rows[0].map((_, channel) => {
    const column = rows.map((row) => row[channel]);
    return isMaximum ? Math.max(...column) : column.reduce((sum, value) => sum + value, 0) / rows.length;
  });
}

function activationOf(layer: tf.layers.Layer): (row: Float64Array) => Float64Array {
  const name = JSON.stringify(layer.getConfig().activation ?? 'linear');
  if (name.includes('relu')) return relu;
  return name.includes('softmax') ? softmax : (row) => row;
}

function coarse(site: Site): Site {
  return [Math.floor(site[0] / 2), Math.floor(site[1] / 2), Math.floor(site[2] / 2)];
}

/** In the order of their coordinates, as those of maps are: ties in the order of groups go by it. */
function coarseSites(sites: readonly Site[]): Site[] {
  const cells = new Map(sites.map((site) => [coarse(site).join(), coarse(site)]));
  return [...cells.values()].sort((one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2]);
}
