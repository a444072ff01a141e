import type { LayerBase } from '../src/layer-definition.js';
import { denseOf, nonzeroSites, rowsOf } from './grid.js';
import { inputOf, rows, type Rows, type Run } from './run.js';
import { sortedSites } from './sites.js';

/** What a golden says of sites that become a grid. */
export interface ToDenseFields {
  /** The site at index 0. */
  readonly min?: readonly number[];
}

/** What a golden says of a grid that becomes sites. */
export interface FromDenseFields {
  /** given: features of the case's sites; nonzero: the sites are those that have a feature. */
  readonly mode: 'given' | 'nonzero';
}

export function denseLayer(layer: LayerBase & ToDenseFields, run: Run): Rows {
  const x = inputOf(layer, run);
  const { source } = run;
  const spatialShape = source.gridShape ?? [];
  const origin = layer.min ?? spatialShape.map(() => 0);
  const batchSize = source.batchSize ?? Math.max(0, ...x.sites.map(([batch]) => batch)) + 1;
  const values = denseOf(x.values, x.sites, batchSize, source.channels, spatialShape, origin);
  const shape = [batchSize, source.channels, ...spatialShape];
  run.tensors.push(['out_features', { dtype: 'F32', shape, values: Float32Array.from(values) }]);
  const y = { ...rows([], [values]), isGrid: true }; // the whole grid as one row
  run.backward.push(() => {
    x.gradient = rowsOf(y.gradient[0], x.sites, source.channels, spatialShape, origin);
  });
  return y;
}

export function fromDenseLayer(layer: LayerBase & FromDenseFields, run: Run): Rows {
  const { dense, coordinates, channels } = run.source;
  if (!dense) throw new RangeError('oracle: from_dense must have a dense input, got none');
  const [batchSize, , ...spatialShape] = dense.shape;
  const origin = spatialShape.map(() => 0);
  const isGiven = layer.mode !== 'nonzero';
  const sites = isGiven ? sortedSites(coordinates) : nonzeroSites(dense.values, batchSize, channels, spatialShape);
  const y = rows(sites, rowsOf(dense.values, sites, channels, spatialShape, origin));
  run.backward.push(() => {
    const gradient = denseOf(y.gradient, sites, batchSize, channels, spatialShape, origin);
    run.tensors.push(['grad_dense', { dtype: 'F32', shape: dense.shape, values: Float32Array.from(gradient) }]);
  });
  return y;
}
