import { tensor, tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import { CoordinateMap, float32Array, int32Array, SparseTensor } from '@tfjs-sparse/core';
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
  const samples = indices.map((index) => checkedSample(dataset.sample(index, epoch)));
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

function checkedSample({ coordinates, features }: SparseSample) {
  return {
    coordinates: int32Array('SparseDataset', 'coordinates of a sample', coordinates),
    features: float32Array('SparseDataset', 'features of a sample', features),
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
