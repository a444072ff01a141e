import * as tf from '@tensorflow/tfjs-core';
import type { CoordinateMap, SafetensorsTensor } from '@tfjs-sparse/core';
import type { GoldenCase } from './golden-file.js';
import type { GoldenProgram } from './golden-program.js';
import { channelsLast, floatsOf, outputRows } from './golden-tensors.js';
import { tensorOf, type LayerValue } from './layer-value.js';
import { matchRows } from './match-rows.js';

/** Where the values of a layer lie, in the golden's terms. */
export interface ValueLayout {
  /** int32 `[rows, 1 + rank]` in the golden's units, or null for points and dense grids. */
  readonly coordinates: Int32Array | null;
  /** As the golden has it: dense grids with channels first. */
  readonly shape: readonly number[];
  /** voxelize: the row of each point. */
  readonly inverse: Int32Array | null;
}

export function layoutOf({ golden, rank }: GoldenProgram, value: LayerValue): ValueLayout {
  if (value.kind === 'grid') {
    const [batch, ...rest] = value.dense.shape;
    return { coordinates: null, shape: [batch, rest[rest.length - 1], ...rest.slice(0, -1)], inverse: null };
  }
  if (value.kind === 'points') return { coordinates: null, shape: value.rows.shape, inverse: null };
  if (value.kind === 'clouds') {
    const { shape } = value.rows;
    const coordinates = new Int32Array(shape[0] * (rank + 1));
    for (let batch = 0; batch < shape[0]; batch++) coordinates[batch * (rank + 1)] = batch;
    return { coordinates, shape, inverse: null };
  }
  const { features, map } = value.x;
  return { coordinates: goldenUnits(golden, map), shape: features.shape, inverse: value.inverse ?? null };
}

/** The golden's coordinates of a layer's output: stored with it, or those of the layer before where the sites stay. */
export function layerRows({ golden, layers }: GoldenProgram, name: string): SafetensorsTensor | undefined {
  const follow = (layerName: string): SafetensorsTensor | undefined => {
    const stored = golden.tensors.get(layerName === 'in' ? 'in_coords' : `coords.${layerName}`);
    const bound = layers.find(({ layer }) => layer.name === layerName);
    return stored ?? (bound?.keepsSites ? follow(bound.layer.in[0]) : undefined);
  };
  return follow(name);
}

/** The golden's cotangent in the order of our output; null without one, or where the output cannot take it. */
export function cotangent(
  golden: GoldenCase,
  output: LayerValue,
  { coordinates, shape }: ValueLayout,
): tf.Tensor | null {
  const given = golden.tensors.get('cotangent');
  if (!given || given.shape.join() !== shape.join()) return null; // the comparison says what is wrong with the shape
  const values = floatsOf(golden, 'cotangent').slice();
  if (output.kind === 'points') return tf.tensor(values, [...given.shape]);
  if (!coordinates) return tf.tensor(channelsLast(values, given.shape), tensorOf(output).shape);
  const [rowCount, channels] = shape;
  const rows = outputRows(golden);
  const { actualOf } = matchRows(coordinates, rows.values as Int32Array, rows.shape[1]);
  const ours = new Float32Array(rowCount * channels);
  actualOf.forEach((row, goldenRow) => {
    if (row >= 0) ours.set(values.subarray(goldenRow * channels, (goldenRow + 1) * channels), row * channels);
  });
  return tf.tensor2d(ours, [rowCount, channels]);
}

/** Engines that keep coordinates on the original grid say so by a tensor stride. */
function goldenUnits(golden: GoldenCase, { coordinates, stride, rank }: CoordinateMap): Int32Array {
  if (golden.layers.every(({ out_tensor_stride: tensorStride }) => !tensorStride)) return coordinates.slice();
  return coordinates.map((value, index) => (index % (rank + 1) > 0 ? value * stride[(index % (rank + 1)) - 1] : value));
}
