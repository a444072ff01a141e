import { tensor, tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import { CoordinateMap, float32Array, int32Array, requireRange, SparseTensor } from '@tfjs-sparse/core';
import { takeRows, type SampleTargets, type SparseDataset, type SparseSample } from './samples.js';

/** Several clouds as one SparseTensor, with their targets. Whoever makes it disposes it. */
export class Batch {
  constructor(
    readonly x: SparseTensor,
    readonly y: Tensor | undefined,
    /** Rows of the targets: clouds or sites. */
    readonly rowCount: number,
  ) {}

  dispose(): void {
    this.x.dispose();
    this.y?.dispose();
  }
}

/** The clouds `indices` of `dataset`, as epoch `epoch` has them, in one batch. */
export function makeBatch(
  dataset: SparseDataset,
  targets: SampleTargets | undefined,
  indices: readonly number[],
  epoch: number,
): Batch {
  const samples = indices.map((index) => checkedSample(index, dataset.sample(index, epoch), dataset));
  const columns = 1 + dataset.rank;
  const coordinates = concatenate(samples.map((sample) => sample.coordinates)) as Int32Array;
  let row = 0;
  samples.forEach((sample, batchIndex) => {
    for (const end = row + sample.coordinates.length; row < end; row += columns) coordinates[row] = batchIndex;
  });
  const { map, order } = CoordinateMap.fromCoordinates(coordinates, dataset.rank, {
    batchSize: samples.length,
    spatialShape: dataset.spatialShape,
  });
  const given = concatenate(samples.map((sample) => sample.features)) as Float32Array;
  const features = order ? takeRows(given, order, dataset.channels) : given;
  const x = new SparseTensor(tensor2d(features, [map.siteCount, dataset.channels]), map);
  if (!targets) return new Batch(x, undefined, samples.length);
  const rowCount = targets.perSite ? map.siteCount : samples.length;
  const rows = concatenate(indices.map((index) => targets.rows(index)));
  return new Batch(x, tensor(rows, [rowCount, ...targets.rowShape], targets.dtype), rowCount);
}

function checkedSample(index: number, { coordinates, features }: SparseSample, { rank, channels }: SparseDataset) {
  const op = 'SparseDataset';
  const columns = 1 + rank;
  const sites = coordinates.length / columns;
  requireRange(
    Number.isInteger(sites),
    op,
    `sample ${index} must have ${columns} coordinates per site (a batch column and ${rank} axes)`,
    `${coordinates.length} coordinates`,
  );
  requireRange(
    features.length === sites * channels,
    op,
    `sample ${index} must have ${sites * channels} features (${channels} for each of its ${sites} sites)`,
    features.length,
  );
  return {
    coordinates: int32Array(op, `coordinates of sample ${index}`, coordinates),
    features: float32Array(op, `features of sample ${index}`, features),
  };
}

function concatenate<T extends Int32Array | Float32Array>(parts: readonly T[]): T {
  const length = parts.reduce((total, part) => total + part.length, 0);
  const whole = new (parts[0] instanceof Float32Array ? Float32Array : Int32Array)(length) as T;
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}
