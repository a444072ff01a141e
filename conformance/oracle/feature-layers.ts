import type { GoldenLayer } from '../src/golden-file.js';
import type { SiteRows } from '../src/layer-definition.js';
import { layerDefinition } from '../cases/index.js';
import { batchNorm, batchNormGradients } from './batch-norm.js';
import { finiteDifferences, innerProduct } from './finite-differences.js';
import { vector } from './golden-tensors.js';
import { reduceRows, reduceRowsGradient, type ReductionMode } from './reduction.js';
import { inputOf, parametersOf, rows, type Rows, type Run } from './run.js';
import type { Site } from './sites.js';
import { cellOf, groupCells } from './voxels.js';

export function batchNormLayer(layer: GoldenLayer, run: Run): Rows {
  const x = inputOf(layer, run);
  const { scale = [], bias } = parametersOf(layer, run);
  const { y: values, mean, variance } = batchNorm(x.values, scale, bias ?? [], layer.eps ?? 0);
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
    const gradients = batchNormGradients(y.gradient, x.values, scale, layer.eps ?? 0);
    x.gradient = gradients.x;
    run.tensors.push(['grad_weight', vector(gradients.scale)], ['grad_bias', vector(gradients.offset)]);
  });
  return y;
}

export function voxelLayer(layer: GoldenLayer, run: Run): Rows {
  const { positions, coordinates, rank } = run.source;
  const zeros = Array<number>(rank).fill(0);
  const ones = Array<number>(rank).fill(1);
  const cells = (positions ?? coordinates).map(([batch, ...point]) => [
    batch,
    ...cellOf(point, layer.origin ?? zeros, layer.voxel_size ?? ones),
  ]);
  const { sites, rowOf } = groupCells(cells);
  run.tensors.push(['row_index', { dtype: 'I32', shape: [rowOf.length], values: Int32Array.from(rowOf) }]);
  return reductionLayer(inputOf(layer, run), sites, rowOf, (layer.mode ?? 'mean') as ReductionMode, run);
}

function reductionLayer(x: Rows, groups: readonly Site[], groupOf: number[], mode: ReductionMode, run: Run): Rows {
  const y = rows(groups, reduceRows(x.values, groupOf, groups.length, run.source.channels, mode));
  run.backward.push(() => {
    x.gradient = reduceRowsGradient(y.gradient, x.values, groupOf, mode);
  });
  return y;
}

/** A layer that a case file defines. */
export function broughtLayer(layer: GoldenLayer, run: Run): Rows {
  const definition = layerDefinition(layer.op);
  if (!definition) throw new RangeError(`oracle: op must be one that it defines, got '${layer.op}'`);
  const { channels, batchSize } = run.source;
  const siteRows = ({ sites, values }: Rows): SiteRows => ({
    sites,
    values,
    channels: values[0]?.length ?? channels,
    batchSize: batchSize ?? Math.max(0, ...sites.map(([batch]) => batch)) + 1,
  });
  const valueOf = (name: string) => siteRows(inputOf({ ...layer, in: [name] }, run));
  const operands = layer.in.map((name) => inputOf({ ...layer, in: [name] }, run));
  const inputs = operands.map(siteRows);
  const { tensors = {}, spatialShape = null, layers } = run.source;
  const surroundings = { inputs, valueOf, layers, tensors, spatialShape };
  const define = () => definition.define(inputs[0], layer, surroundings);
  const { sites, values, channels: outChannels } = define();
  const y: Rows = { ...rows(sites, values), channels: outChannels };
  run.backward.push(() => {
    const f = () => innerProduct(define().values, y.gradient);
    operands.forEach((operand) => {
      const gradient =
        definition.gradient?.(y.gradient, inputs[0], layer, surroundings) ?? finiteDifferences(f, operand.values);
      operand.gradient = gradient.map((row, i) => row.map((value, j) => value + (operand.gradient[i]?.[j] ?? 0)));
    });
  });
  return y;
}
