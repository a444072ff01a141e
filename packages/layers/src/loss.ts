import { add, cast, div, keep, reshape, scalar, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { Sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { columnSums, requireRange } from '@tfjs-sparse/core';
import { applyModel } from './apply-model.js';
import type { Batch } from './batch.js';

/** The compiled loss of a batch (with the regularizers' losses) and the metrics, in the order of `model.metricsNames`. */
export function lossAndMetrics(
  op: string,
  model: LayersModel,
  batch: Batch,
  isTraining: boolean,
): { loss: Scalar; metrics: Scalar[] } {
  const [lossFunction] = lossFunctionsOf(model) ?? [];
  requireRange(lossFunction !== undefined, op, 'the model must be compiled', 'a model without a loss');
  const [output] = applyModel(op, model, batch.x, isTraining);
  const target = batch.y!;
  requireRange(
    output.shape[0] === target.shape[0],
    op,
    `the model must give ${target.shape[0]} rows (as the targets)`,
    output.shape[0],
  );
  let loss: Tensor = meanOf(lossFunction(target, output));
  for (const penalty of model.calculateLosses()) loss = add(loss, penalty);
  const metrics = model.metricsTensors.map(([metric]) => keep(meanOf(metric(target, output))));
  return { loss: loss as Scalar, metrics };
}

/** The mean of all values, 0 of none. tfjs' wasm backend adds float32 one by one: a million rows would lose 1 %. */
function meanOf(values: Tensor): Scalar {
  const sum = columnSums(reshape(cast(values, 'float32'), [values.size, 1]));
  return reshape(div(sum, Math.max(values.size, 1)), []);
}

/** A Sequential model keeps its compiled losses in the model that it wraps. */
function lossFunctionsOf(model: LayersModel): LayersModel['lossFunctions'] | undefined {
  const compiled = model instanceof Sequential ? (Reflect.get(model, 'model') as LayersModel | undefined) : model;
  return compiled?.lossFunctions;
}

/** Sums of per-batch means, weighted by rows, so that the mean over all rows comes out. */
export class WeightedMeans {
  private readonly sums: number[] = [];
  private weight = 0;

  add(values: readonly number[], weight: number): void {
    values.forEach((value, i) => (this.sums[i] = (this.sums[i] ?? 0) + value * weight));
    this.weight += weight;
  }

  values(): number[] {
    return this.sums.map((sum) => sum / Math.max(this.weight, 1));
  }

  scalars(): Scalar[] {
    return this.values().map((value) => scalar(value));
  }
}
