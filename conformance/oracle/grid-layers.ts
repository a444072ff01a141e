import type { GoldenLayer } from '../src/golden-file.js';
import { denseOf, nonzeroSites, rowsOf } from './grid.js';
import { inputOf, rows, type Rows, type Run } from './run.js';
import { sortedSites } from './sites.js';

export function denseLayer(layer: GoldenLayer, run: Run): Rows {
  const x = inputOf(layer, run);
  const { source } = run;
  const spatialShape = source.gridShape ?? [];
  const origin = layer.min ?? spatialShape.map(() => 0);
  const batchSize = source.batchSize ?? Math.max(0, ...x.sites.map(([batch]) => batch)) + 1;
  const values = denseOf(x.values, x.sites, batchSize, source.channels, spatialShape, origin);
  const shape = [batchSize, source.channels, ...spatialShape];
  run.tensors.push(['out_features', { dtype: 'F32', shape, values: Float32Array.from(values) }]);
  const y = rows([], [values]); // the whole grid as one row
  run.backward.push(() => {
    x.gradient = rowsOf(y.gradient[0], x.sites, source.channels, spatialShape, origin);
  });
  return y;
}

export function fromDenseLayer(layer: GoldenLayer, run: Run): Rows {
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
