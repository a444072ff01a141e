import type { CoordinateMap } from '@tfjs-sparse/core';
import { cropSites, pruneSites, selectSites } from '@tfjs-sparse/sparse-conv';
import type { CaseSource } from '../../oracle/case-source.js';
import { uniformFrom } from '../../oracle/random.js';
import type { GoldenCase } from '../../src/golden-file.js';
import { integersOf, requiredTensor } from '../../src/golden-tensors.js';
import { onSites } from '../../src/layer-value.js';
import { matchRows } from '../../src/match-rows.js';
import { defineCases, defineLayer, type CaseLayer } from '../define-cases.js';
import { featuresSource, type FeaturesCase } from './shared/features-case.js';
import * as patterns from './shared/site-patterns.js';

interface SelectCase extends FeaturesCase {
  readonly op: 'select' | 'select_rows' | 'crop';
  /** Share of the sites that stay. */
  readonly share: number;
}

const exact = { output: 0, gradient: 1e-9, reason: 'features are copied, not computed; finite differences' };
const box = { start: [1, 0, 1], end: [3, 4, 4] };

export const operation = defineCases(
  'select-sites',
  selectSource,
  (control) => [
    control('prune', {
      op: 'select',
      share: 0.5,
      sites: patterns.scattered,
      channels: 3,
      seed: 1500,
      tolerance: exact,
    }),
    control.with('rows', { op: 'select_rows' }),
    control.with('crop', { op: 'crop' }),
    ...Object.entries({ prune: 'select', rows: 'select_rows' } as const).flatMap(([name, op]) => [
      control.with(`${name}-none`, { op, share: 0 }),
      control.with(`${name}-all`, { op, share: 1 }),
      control.with(`${name}-no-sites`, { op, sites: patterns.noSites, batchSize: 2 }),
      control.with(`${name}-unsorted-input`, { op, sites: patterns.shuffled }),
    ]),
    control.with('batch-border', { sites: patterns.batchBorder }),
    control.with('empty-cloud-between', { sites: patterns.emptyCloud }),
    control.with('nan-feature', { nanAt: [[4, 1]] }),
    control.with('crop-batch-border', { op: 'crop', sites: patterns.batchBorder }),
    control.with('crop-negative-coordinates', { op: 'crop', sites: patterns.negative }),
    ...[1, 4, 9].map((channels) => control.with(`channels-${channels}`, { channels })),
  ],
  [layerOf('select'), layerOf('select_rows'), layerOf('crop')],
);

function selectSource(id: string, parameters: SelectCase): CaseSource {
  const { op, share, seed, nanAt } = parameters;
  const source = featuresSource(id, parameters);
  const next = uniformFrom(seed + 5);
  const mask = Uint8Array.from(source.coordinates, () => Number(next() < share));
  const tensors = { mask: { dtype: 'U8' as const, shape: [mask.length], values: mask } };
  const cotangentSeed = nanAt ? undefined : source.cotangentSeed; // finite differences of NaN say nothing
  return { ...source, tensors, layers: [{ name: 'kept', op, in: ['in'] }], cotangentSeed };
}

function layerOf(op: SelectCase['op']): CaseLayer {
  return defineLayer({
    op,
    fields: {},
    tensors: ['mask'],
    forward({ x, golden }) {
      if (op === 'crop') return onSites(cropSites(x, box));
      const mask = maskOf(golden, x.map);
      if (op === 'select') return onSites(pruneSites(x, mask));
      const rows = Int32Array.from([...mask].flatMap((keep, row) => (keep ? [row] : []))).reverse();
      return onSites(selectSites(x, rows));
    },
    define({ sites, values }, _layer, { tensors }) {
      const isInside = (cell: readonly number[]) => cell.every((c, axis) => c >= box.start[axis] && c < box.end[axis]);
      const isKept = (_: unknown, row: number) =>
        op === 'crop' ? isInside(sites[row].slice(1)) : tensors.mask.values[row] === 1;
      return { sites: sites.filter(isKept), values: values.filter(isKept) };
    },
  });
}

/** The golden's mask in the order of `map`. */
function maskOf(golden: GoldenCase, map: CoordinateMap): Uint8Array {
  const mask = requiredTensor(golden, 'mask').values;
  const { actualOf } = matchRows(map.coordinates, integersOf(golden, 'in_coords'), 1 + map.rank);
  const ordered = new Uint8Array(mask.length);
  actualOf.forEach((site, goldenRow) => (ordered[site] = Number(mask[goldenRow])));
  return ordered;
}
