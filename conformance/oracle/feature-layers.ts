import type { LayerBase } from '../src/layer-definition.js';
import { batchNorm, batchNormGradients } from './batch-norm.js';
import { vector } from './golden-tensors.js';
import { reduceRows, reduceRowsGradient, type ReductionMode } from './reduction.js';
import { inputOf, parametersOf, rows, type Rows, type Run } from './run.js';
import type { Site } from './sites.js';
import { cellOf, groupCells } from './voxels.js';

/** What a golden says of a batch norm. */
export interface BatchNormFields {
  readonly eps: number;
  readonly momentum?: number;
  /** Of the leaky rectifier behind it; 1 is none. */
  readonly slope?: 1;
}

/** What a golden says of points that become voxels. */
export interface VoxelFields {
  readonly mode?: ReductionMode;
  readonly voxel_size?: readonly number[];
  readonly origin?: readonly number[];
}

export function batchNormLayer(layer: LayerBase & BatchNormFields, run: Run): Rows {
  const x = inputOf(layer, run);
  const { scale = [], bias } = parametersOf(layer, run);
  const { y: values, mean, variance } = batchNorm(x.values, scale, bias ?? [], layer.eps);
  const y = rows(x.sites, values);
  const momentum = layer.momentum ?? 0;
  const unbiased = variance.map((value) => (value * x.sites.length) / Math.max(1, x.sites.length - 1));
  run.tensors.push(['weight', vector(scale)], ['bias', vector(bias ?? [])]);
  run.tensors.push(
    ['running_mean_before', vector(scale.map(() => 0))],
    ['running_var_before', vector(scale.map(() => 1))],
  );
  run.tensors.push(['running_mean_after', vector(mean.map((value) => momentum * value))]);
  run.tensors.push(['running_var_after', vector(unbiased.map((value) => 1 - momentum + momentum * value))]);
  run.backward.push(() => {
    const gradients = batchNormGradients(y.gradient, x.values, scale, layer.eps);
    x.gradient = gradients.x;
    run.tensors.push(['grad_weight', vector(gradients.scale)], ['grad_bias', vector(gradients.offset)]);
  });
  return y;
}

export function voxelLayer(layer: LayerBase & VoxelFields, run: Run): Rows {
  const { positions, coordinates, rank } = run.source;
  const zeros = Array<number>(rank).fill(0);
  const ones = Array<number>(rank).fill(1);
  const cells = (positions ?? coordinates).map(([batch, ...point]) => [
    batch,
    ...cellOf(point, layer.origin ?? zeros, layer.voxel_size ?? ones),
  ]);
  const { sites, rowOf } = groupCells(cells);
  run.tensors.push(['row_index', { dtype: 'I32', shape: [rowOf.length], values: Int32Array.from(rowOf) }]);
  return reductionLayer(inputOf(layer, run), sites, rowOf, layer.mode ?? 'mean', run);
}

function reductionLayer(x: Rows, groups: readonly Site[], groupOf: number[], mode: ReductionMode, run: Run): Rows {
  const y = rows(groups, reduceRows(x.values, groupOf, groups.length, run.source.channels, mode));
  run.backward.push(() => {
    x.gradient = reduceRowsGradient(y.gradient, x.values, groupOf, mode);
  });
  return y;
}
