import { dispose, tidy, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { SparseTensor } from '@tfjs-sparse/core';
import { makeBatch } from './batch.js';
import { lossAndMetrics, WeightedMeans } from './loss.js';
import { samplesOf, targetsOf, type SampleTargets, type SparseDataset, type TargetsPer } from './samples.js';

export interface EvaluateOptions {
  /** Clouds per batch, default 32. */
  readonly batchSize?: number;
  /** What a row of the targets belongs to; to be given where there are as many clouds as sites. */
  readonly targetsPer?: TargetsPer;
}

/**
 * The loss and the metrics of a compiled model on clouds: tfjs' `evaluate` for SparseTensors.
 *
 * @param x clouds: a batched SparseTensor, or a dataset
 * @param y targets, `[clouds, ...]` or (for a SparseTensor) `[sites, ...]` in the order in which sites were given
 * @returns the loss, or with metrics `[loss, ...metrics]`, as in tfjs
 */
export async function evaluate(
  model: LayersModel,
  x: SparseTensor | SparseDataset,
  y: Tensor,
  options: EvaluateOptions = {},
): Promise<Scalar | Scalar[]> {
  const dataset = await samplesOf(x);
  const targets = await targetsOf('evaluate', y, x, options.targetsPer);
  const indices = Array.from({ length: dataset.length }, (_, index) => index);
  const means = await meansOver(model, dataset, targets, indices, options.batchSize ?? 32);
  const scalars = means.scalars();
  return scalars.length === 1 ? scalars[0] : scalars;
}

/** The loss and the metrics over the clouds `indices`. */
export async function meansOver(
  model: LayersModel,
  dataset: SparseDataset,
  targets: SampleTargets,
  indices: readonly number[],
  batchSize: number,
): Promise<WeightedMeans> {
  const means = new WeightedMeans();
  for (let start = 0; start < indices.length; start += batchSize) {
    const batch = makeBatch(dataset, targets, indices.slice(start, start + batchSize), 0);
    try {
      const results = tidy(() => {
        const { loss, metrics } = lossAndMetrics('evaluate', model, batch, false);
        return [loss, ...metrics];
      });
      means.add(await readAll(results), batch.rowCount);
    } finally {
      batch.dispose();
    }
  }
  return means;
}

/** The values of scalars, which are disposed. */
export async function readAll(scalars: readonly Scalar[]): Promise<number[]> {
  const values = await Promise.all(scalars.map(async (value) => (await value.data())[0]));
  dispose([...scalars]);
  return values;
}
