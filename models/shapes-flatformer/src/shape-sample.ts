import { tensor2d } from '@tensorflow/tfjs-core';
import {
  arePointRows,
  CoordinateMap,
  flatPoints,
  requirePoints,
  requireRange,
  SparseTensor,
  type Points,
} from '@tfjs-sparse/core';

/** Cells of the grid along the root mean square distance of a cloud's points from their mean. */
export const cellsPerDistance = 8;

/** Features of a site: `shapeSample`. */
export const shapeChannels = 7;

/** A batch of clouds, as the network takes it. */
export interface ShapeSample {
  /** Features `[sites, 7]` float32: offset of the mean of a cell's points from its centre, where the mean lies, its distance. */
  readonly x: SparseTensor;
  /** int32 `[points]`: the site of each point of the clouds, one cloud after the other. */
  readonly inverse: Int32Array;
}

/**
 * Clouds on the network's grid: the mean of a cloud goes to 0 and the root mean square distance from it to 8 cells, so that
 * place and size do not matter. The caller disposes `x`.
 *
 * @param clouds `[points, 3]` each, flat or as rows
 * @throws RangeError or TypeError for a cloud without points and for what are no points
 */
export function shapeSample(clouds: readonly Points[]): ShapeSample {
  const parts = clouds.map(onGrid);
  const points = new Float32Array(parts.reduce((total, { length }) => total + length, 0));
  const batchIndices = new Int32Array(points.length / 3);
  let start = 0;
  parts.forEach((part, batch) => {
    points.set(part, start);
    batchIndices.fill(batch, start / 3, (start += part.length) / 3);
  });
  const { map, inverse } = CoordinateMap.fromPoints(points, 3, {
    voxelSize: 1,
    batchIndices,
    batchSize: clouds.length,
  });
  const features = featuresOf(points, inverse, map.coordinates);
  return { x: new SparseTensor(tensor2d(features, [map.siteCount, shapeChannels]), map), inverse };
}

function onGrid(points: Points): Float32Array {
  const op = 'shapeSample';
  requirePoints(op, points, 'points must be numbers of x, y, z');
  const values = arePointRows(points) ? flatPoints(op, points, 3) : points;
  const isCloud = values.length > 0 && values.length % 3 === 0;
  requireRange(isCloud, op, 'points must have 3 numbers each, for one point or more', `${values.length} numbers`);
  for (let i = 0; i < values.length; i++) {
    requireRange(Number.isFinite(values[i]), op, 'points must be finite numbers', values[i]);
  }
  const count = values.length / 3;
  const mean = [0, 0, 0];
  for (let i = 0; i < values.length; i++) mean[i % 3] += values[i] / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean[i % 3]) ** 2 / count;
  const scale = squares > 0 ? cellsPerDistance / Math.sqrt(squares) : 0;
  return Float32Array.from(values, (value, i) => (value - mean[i % 3]) * scale);
}

function featuresOf(points: Float32Array, inverse: Int32Array, coordinates: Int32Array): Float32Array {
  const siteCount = coordinates.length / 4;
  const sums = new Float64Array(3 * siteCount);
  const counts = new Float64Array(siteCount);
  inverse.forEach((site, point) => {
    counts[site]++;
    for (let axis = 0; axis < 3; axis++) sums[3 * site + axis] += points[3 * point + axis];
  });
  const features = new Float32Array(shapeChannels * siteCount);
  for (let site = 0; site < siteCount; site++) {
    const place = [0, 1, 2].map((axis) => sums[3 * site + axis] / counts[site]);
    const offsets = place.map((mean, axis) => mean - coordinates[4 * site + 1 + axis] - 0.5);
    const relative = place.map((mean) => mean / cellsPerDistance);
    features.set([...offsets, ...relative, Math.hypot(...relative)], shapeChannels * site);
  }
  return features;
}
