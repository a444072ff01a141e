import type * as tf from '@tensorflow/tfjs';
import {
  added,
  gelu,
  matrix,
  normalized,
  softmax,
  times,
  vector,
  type Rows,
  type Site,
  type Value,
} from './plain-rows.js';

interface BlockConfig {
  readonly heads: number;
  readonly windowSize: readonly number[];
  readonly groupSize: number;
  readonly axes: readonly [number, number];
  readonly positions: { readonly axes: readonly number[]; readonly temperature: number };
}

const weightsPerLayer = 12;

/** FlatFormer's BasicBlock of one cloud, by its definition (Liu et al. 2023): pairs of sites one by one, in float64. */
export function flatFormerBlock(block: tf.layers.Layer, { rows, sites }: Value): Value {
  const config = block.getConfig() as object as BlockConfig;
  const weights = block.getWeights();
  const positions = sites.map((site) => positionOf(site, rows[0].length, config));
  const [a, b] = config.axes;
  const orders = [
    { axes: [a, b], isShifted: false },
    { axes: [a, b], isShifted: true },
    { axes: [b, a], isShifted: false },
    { axes: [b, a], isShifted: true },
  ] as const;
  let x: Rows = rows;
  orders.forEach(({ axes, isShifted }, layer) => {
    const groups = groupsOf(sites, axes, isShifted, config);
    x = encoderLayer(x, positions, groups, config.heads, weights.slice(weightsPerLayer * layer));
  });
  return { rows: x, sites };
}

/** The keys of each site. */
function groupsOf(
  sites: readonly Site[],
  [major, minor]: readonly [number, number],
  isShifted: boolean,
  { windowSize, groupSize }: BlockConfig,
): Map<number, number[]> {
  const keys = sites.map((site) => {
    const [y, x] = [major, minor].map((axis) => {
      const at = site[axis] + (isShifted ? Math.floor(windowSize[axis] / 2) : 0);
      const window = Math.floor(at / windowSize[axis]);
      return { window, place: at - window * windowSize[axis] };
    });
    const sign = y.window % 2 === 0 ? 1 : -1;
    return [y.window, sign * x.window, sign * x.place, sign * (x.place % 2 === 0 ? 1 : -1) * y.place];
  });
  const order = sites
    .map((_, site) => site)
    .sort((one, other) => {
      const digit = keys[one].findIndex((value, i) => value !== keys[other][i]);
      return digit < 0 ? one - other : keys[one][digit] - keys[other][digit];
    });
  const found = new Map<number, number[]>();
  for (let start = 0; start < order.length; start += groupSize) {
    const group = order.slice(start, start + groupSize);
    const borrowed = start > 0 ? order.slice(start - groupSize + group.length, start) : [];
    for (const site of group) found.set(site, [...group, ...borrowed]);
  }
  return found;
}

function encoderLayer(
  rows: Rows,
  positions: Rows,
  keysOf: ReadonlyMap<number, readonly number[]>,
  heads: number,
  weights: readonly tf.Tensor[],
): Rows {
  const [qkv, qkvBias, output, outputBias, scale1, offset1, scale2, offset2, inner, innerBias, outer, outerBias] =
    weights;
  const [project, out, widen, narrow] = [qkv, output, inner, outer].map(matrix);
  const [projectBias, outBias, widenBias, narrowBias] = [qkvBias, outputBias, innerBias, outerBias].map(vector);
  const channels = rows[0].length;
  const placed = rows.map((row, site) => times(added(row, positions[site]), project, projectBias));
  const [q, k] = [0, 1].map((part) => placed.map((row) => row.subarray(part * channels, (part + 1) * channels)));
  const v = rows.map((row) => times(row, project, projectBias).subarray(2 * channels));
  const width = channels / heads;
  return rows.map((row, site) => {
    const keys = keysOf.get(site)!;
    const attended = new Float64Array(channels);
    for (let head = 0; head < heads; head++) {
      const part = (of: Float64Array) => of.subarray(head * width, (head + 1) * width);
      const scores = keys.map((key) => part(q[site]).reduce((sum, value, i) => sum + value * part(k[key])[i], 0));
      const shares = softmax(Float64Array.from(scores, (score) => score / Math.sqrt(width)));
      keys.forEach((key, i) => part(v[key]).forEach((value, at) => (part(attended)[at] += shares[i] * value)));
    }
    const y = normalized(added(row, times(attended, out, outBias)), vector(scale1), vector(offset1));
    const fed = times(gelu(times(y, widen, widenBias)), narrow, narrowBias);
    return normalized(added(y, fed), vector(scale2), vector(offset2));
  });
}

function positionOf(site: Site, channels: number, { positions: { axes, temperature } }: BlockConfig): Float64Array {
  const share = channels / axes.length;
  return Float64Array.from({ length: channels }, (_, channel) => {
    const i = channel % share;
    const angle = site[axes[Math.floor(channel / share)]] / temperature ** ((2 * Math.floor(i / 2)) / share);
    return i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}
