import { CoordinateMap } from '@tfjs-sparse/core';
import { sinusoidalPositions, type SinusoidalPositionsOptions } from '@tfjs-sparse/window-attention';
import { drawSites, rankOf, type SitePattern } from '../../oracle/draw-sites.js';
import * as field from '../../src/fields.js';
import type { PeerReader } from '../../src/peer-goldens.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import * as patterns from '../sparse-conv/shared/site-patterns.js';
import { mapOrder } from './shared/map-order.js';
import { attributesOf, int32Tensor, integersOf, sourceOf } from './shared/peer-tables.js';
import { tensorOf } from './shared/peer-attention.js';

interface PositionsCase extends SinusoidalPositionsOptions {
  readonly sites: SitePattern;
  readonly seed: number;
}

const positions: TensorOperation<SinusoidalPositionsOptions> = {
  op: 'sinusoidal-positions',
  inputs: { coordinates: 'int32' },
  outputs: { y: 'float32' },
  attributes: {
    channels: field.number,
    axes: field.optional(field.numbers),
    temperature: field.optional(field.number),
    extent: field.optional(field.numbers),
  },
  forward({ coordinates }, options) {
    const { map, toRows } = mapOrder('sinusoidal-positions', coordinates);
    return { y: toRows(sinusoidalPositions(map, options)) };
  },
  define({ coordinates: { shape, values } }, { channels, axes, temperature = 10000, extent }) {
    const [rows, columns] = shape;
    const along = axes ?? Array.from({ length: columns - 1 }, (_, axis) => axis);
    const share = channels / along.length;
    const y = Array.from({ length: rows * channels }, (_, index) => {
      const [row, channel] = [Math.floor(index / channels), index % channels];
      const [place, i] = [Math.floor(channel / share), channel % share];
      const coordinate = values[row * columns + 1 + along[place]];
      const position = extent ? (coordinate / extent[place]) * 6.283 : coordinate;
      const angle = position / temperature ** ((i - (i % 2)) / share);
      return i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    });
    return { y: { shape: [rows, channels], values: y } };
  },
};

const tolerance = { output: 1e-6, gradient: 0, reason: 'sines in float64, rounded to float32' };

export const operation = defineTensorCases<PositionsCase, SinusoidalPositionsOptions>(
  positions,
  ({ sites: pattern, seed, ...attrs }) => {
    const sites = drawSites(pattern, seed);
    const coordinates = { shape: [sites.length, 1 + rankOf(pattern)], values: sites.flat(), dtype: 'int32' } as const;
    return { tolerance, inputs: { coordinates }, attrs, seed };
  },
  (control) => [
    control('three-axes', { sites: patterns.scattered, channels: 12, seed: 6400 }),
    control.with('two-axes', { axes: [2, 1], channels: 10 }),
    control.with('extent', { axes: [2, 1], channels: 8, extent: [10, 20] }),
    control.with('temperature', { temperature: 20 }),
    control.with('negative-coordinates', { sites: patterns.negative }),
    control.with('unsorted', { sites: patterns.shuffled }),
    control.with('no-sites', { sites: patterns.noSites }),
  ],
);

const map = CoordinateMap.fromCoordinates([0, 0, 0, 0, 1, 1], 2).map;
const refusal = (name: string, options: SinusoidalPositionsOptions, error: string): CallCase => ({
  id: `sinusoidal-positions/${name}`,
  call: () => sinusoidalPositions(map, options),
  error: `RangeError: sinusoidalPositions: ${error}`,
});

export const calls: readonly CallCase[] = [
  refusal('odd-channels', { channels: 5 }, 'channels must be a multiple of the 2 axes, got 5'),
  refusal('temperature-0', { channels: 4, temperature: 0 }, 'temperature must be above 0, got 0'),
  refusal('extent-of-one', { channels: 4, extent: [3] }, 'extent must have a size above 0 for each of 2 axes, got [3]'),
];

/** FlatFormer's. */
export const peers: PeerReader = (file) => {
  if (sourceOf(file) !== 'mit-han-lab/flatformer' || !file.tensors.has('out.pe')) return null;
  const attributes = attributesOf<{
    normalize_pos: boolean;
    pos_temperature: number;
    sparse_shape: [number, number, number];
  }>(file);
  const [width, height] = attributes.sparse_shape;
  const rows = integersOf(file, 'in.coords');
  const y = tensorOf(file, 'out.pe');
  return [
    {
      operation: positions,
      attrs: {
        channels: y.shape[1],
        axes: [2, 1], // of z, y, x
        temperature: attributes.pos_temperature,
        ...(attributes.normalize_pos && { extent: [width, height] }),
      },
      inputs: { coordinates: int32Tensor(rows, [rows.length / 4, 4]) },
      outputs: { y },
      tolerance: { ...tolerance, output: 2e-6, reason: 'angles of the peer are float32' },
    },
  ];
};
