import type * as tf from '@tensorflow/tfjs';

/** Features of sites, in float64. */
interface Value {
  /** `[sites, channels]` */
  readonly rows: readonly Float64Array[];
  readonly sites: readonly Site[];
}

type Site = readonly [batch: number, x: number, y: number, z: number];

/**
 * What a folded network gives, by the definitions of its layers: look-ups by site and sums in float64, with none of the
 * project's kernels. For a few thousand sites.
 *
 * @param coordinates int32 `[sites, 4]`
 * @param features    float32 `[sites, channels]`
 * @returns           rows of the output
 */
export function plainAnswers(network: tf.LayersModel, coordinates: Int32Array, features: Float32Array): Float64Array[] {
  const sites = Array.from({ length: coordinates.length / 4 }, (_, site): Site => {
    const [batch, x, y, z] = coordinates.subarray(4 * site, 4 * site + 4);
    return [batch, x, y, z];
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
  return [...valueOf(network.outputs[0]).rows];
}

function valueOfLayer(layer: tf.layers.Layer, inputs: readonly Value[]): Value {
  const [x, , third] = inputs; // features, coords, then features or coords
  switch (layer.getClassName()) {
    case 'SubmConv3D':
      return convolved(layer, x.sites, third?.rows, (site, offset) => [x, plus(site, offset, -(kernelOf(layer) >> 1))]);
    case 'SparseConv3D':
      return convolved(layer, coarseSites(x.sites), undefined, (site, offset) => [x, plus(doubled(site), offset, 0)]);
    case 'SparseInverseConv3D':
      return convolved(layer, third.sites, undefined, (site, offset) => [x, coarseAt(site, offset)]);
    case 'SparseConcatenate':
      return { sites: x.sites, rows: x.rows.map((row, i) => Float64Array.of(...row, ...third.rows[i])) };
    default:
      throw new Error(`plainAnswers: layers must be those of a folded minkUNet, got ${layer.getClassName()}`);
  }
}

/** `activation(bias + residual + sum over offsets of filter[offset] * the row that sourceOf names)`. */
function convolved(
  layer: tf.layers.Layer,
  sites: readonly Site[],
  residual: readonly Float64Array[] | undefined,
  sourceOf: (site: Site, offset: Site) => readonly [from: Value, site: Site | null],
): Value {
  const [kernel, bias] = layer.getWeights().map((weight) => weight.dataSync());
  const size = kernelOf(layer);
  const [, inChannels, outChannels] = layer.getWeights()[0].shape;
  const activate = activationOf(layer);
  const indices = new Map<Value, Map<string, number>>();
  const rows = sites.map((site, siteIndex) => {
    const sum = Float64Array.from(bias);
    residual?.[siteIndex].forEach((value, channel) => (sum[channel] += value));
    for (let at = 0; at < size ** 3; at++) {
      const offset: Site = [0, Math.floor(at / size ** 2), Math.floor(at / size) % size, at % size];
      const [from, source] = sourceOf(site, offset);
      if (!indices.has(from)) indices.set(from, new Map(from.sites.map((each, i) => [each.join(), i])));
      const row = source && from.rows[indices.get(from)!.get(source.join()) ?? -1];
      if (!row) continue;
      for (let i = 0; i < inChannels; i++) {
        const start = (at * inChannels + i) * outChannels;
        for (let o = 0; o < outChannels; o++) sum[o] += row[i] * kernel[start + o];
      }
    }
    return activate(sum);
  });
  return { sites, rows };
}

function activationOf(layer: tf.layers.Layer): (row: Float64Array) => Float64Array {
  const name = JSON.stringify(layer.getConfig().activation ?? 'linear');
  if (name.includes('relu')) return (row) => row.map((value) => Math.max(0, value));
  return name.includes('softmax') ? softmax : (row) => row;
}

function softmax(logits: Float64Array): Float64Array {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

function kernelOf(layer: tf.layers.Layer): number {
  return Math.round(Math.cbrt(layer.getWeights()[0].shape[0]));
}

function plus([batch, x, y, z]: Site, [, dx, dy, dz]: Site, shift: number): Site {
  return [batch, x + dx + shift, y + dy + shift, z + dz + shift];
}

function doubled([batch, x, y, z]: Site): Site {
  return [batch, 2 * x, 2 * y, 2 * z];
}

function coarseSites(sites: readonly Site[]): Site[] {
  const cells = new Map(
    sites.map(([batch, ...cell]) => {
      const [x, y, z] = cell.map((value) => Math.floor(value / 2));
      return [[batch, x, y, z].join(), [batch, x, y, z] as const];
    }),
  );
  return [...cells.values()];
}

/** The coarse site whose part at `offset` is `site`, if there is one. */
function coarseAt([batch, ...cell]: Site, [, ...offset]: Site): Site | null {
  const [x, y, z] = cell.map((value, axis) => (value - offset[axis]) / 2);
  return [x, y, z].every(Number.isInteger) ? [batch, x, y, z] : null;
}
