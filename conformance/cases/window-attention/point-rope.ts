import * as tf from '@tensorflow/tfjs-core';
import { CoordinateMap, type Safetensors } from '@tfjs-sparse/core';
import { pointRope, type PointRopeOptions } from '@tfjs-sparse/window-attention';
import { drawSites, rankOf, type SitePattern } from '../../oracle/draw-sites.js';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { PeerReader } from '../../src/peer-goldens.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import * as patterns from '../sparse-conv/shared/site-patterns.js';
import { turned, type RopeAttrs } from './shared/exact-rope.js';
import { mapOrder } from './shared/map-order.js';
import { attributesOf, int32Tensor, integersOf, sourceOf } from './shared/peer-tables.js';

interface RopeCase extends RopeAttrs {
  readonly sites: SitePattern;
  readonly channels: number;
  readonly seed: number;
}

const rope: TensorOperation<RopeAttrs> = {
  op: 'point-rope',
  inputs: { x: 'float32', coordinates: 'int32' },
  outputs: { y: 'float32' },
  attributes: {
    heads: field.number,
    frequency: field.optional(field.number),
    axes: field.optional(field.numbers),
  },
  forward({ x, coordinates }, attrs) {
    const { map, toSites, toRows } = mapOrder('point-rope', coordinates);
    return { y: toRows(pointRope(toSites(x as tf.Tensor2D), map, attrs)) };
  },
  define: ({ x, coordinates }, attrs) => ({ y: { shape: x.shape, values: turned(x, coordinates, attrs, 1) } }),
  gradient: ({ y }, { coordinates }, attrs) => ({ x: turned(y, coordinates, attrs, -1) }),
};

const tolerance = {
  output: 2e-7,
  gradient: 2e-7,
  reason: 'cosines and sines rounded to float32, sums of two products',
};

export const operation = defineTensorCases<RopeCase, RopeAttrs>(
  rope,
  ({ sites: pattern, channels, seed, ...attrs }) => {
    const sites = drawSites(pattern, seed);
    const coordinates = { shape: [sites.length, 1 + rankOf(pattern)], values: sites.flat(), dtype: 'int32' } as const;
    const x = drawTensor([sites.length, attrs.heads * channels], seed + 1);
    return { tolerance, inputs: { x, coordinates }, attrs, gradients: ['x'], seed: seed + 2 };
  },
  (control) => [
    control('heads-of-18', { sites: patterns.scattered, heads: 2, channels: 18, seed: 6000 }),
    control.with('one-head', { heads: 1, channels: 6 }),
    control.with('frequency-10', { frequency: 10 }),
    control.with('two-axes', { axes: [2, 0], channels: 8 }),
    control.with('negative-coordinates', { sites: patterns.negative }),
    control.with('unsorted', { sites: patterns.shuffled }),
    control.with('no-sites', { sites: patterns.noSites }),
    control.with('one-site', { sites: patterns.oneSite }),
    control.with('both-ends-of-21-bits', { sites: patterns.largest }),
  ],
);

const ones = (rows: number, columns: number) => tf.ones([rows, columns]) as tf.Tensor2D;
const map = CoordinateMap.fromCoordinates([0, 0, 0, 0, 0, 1, 1, 1], 3).map;
const refusal = (name: string, x: () => tf.Tensor2D, options: PointRopeOptions, error: string): CallCase => ({
  id: `point-rope/${name}`,
  call: () => pointRope(x(), map, options),
  error,
});

export const calls: readonly CallCase[] = [
  refusal('other-sites', () => ones(3, 12), { heads: 2 }, 'RangeError: pointRope: x must be [2, channels] (sites of the map), got [3, 12]'),
  refusal('heads-5-of-12', () => ones(2, 12), { heads: 5 }, 'RangeError: pointRope: heads must divide the 12 channels, got 5'),
  refusal('channels-of-a-head', () => ones(2, 12), { heads: 3 }, 'RangeError: pointRope: channels of a head must be a multiple of 6 (axes), got 4'),
  refusal('frequency-0', () => ones(2, 12), { heads: 2, frequency: 0 }, 'RangeError: pointRope: frequency must be above 0, got 0'),
]; // prettier-ignore

/** LitePT's kernel alone; its angles are float32, so that far coordinates are nearer to its float64 than to itself. */
export const peers: PeerReader = (file) => {
  if (sourceOf(file) !== 'prs-eth/LitePT' || !file.tensors.has('in.tokens')) return null;
  const [batches, heads, count, channels] = file.tensors.get('in.tokens')!.shape;
  const positions = integersOf(file, 'in.positions');
  const rows = Array.from({ length: batches * count }, (_, row) => [
    Math.floor(row / count),
    ...positions.slice(3 * row, 3 * row + 3),
  ]);
  const asRows = (name: string) => rowsOf(file, name, [batches, heads, count, channels]);
  const { freq: frequency } = attributesOf<{ freq: number }>(file);
  return [
    {
      operation: rope,
      attrs: { heads, frequency },
      inputs: { x: asRows('in.tokens'), coordinates: int32Tensor(rows.flat(), [rows.length, 4]) },
      outputs: { y: asRows('out.y64') },
      cotangents: { y: asRows('gout.y') },
      gradients: { x: asRows('grad.tokens') },
      tolerance: {
        output: 1e-6,
        gradient: 2e-3,
        reason: 'the gradient is that of float32 angles at coordinates of 65,535',
      },
    },
  ];
};

/** `[batches, heads, count, channels]` as `[batches * count, heads * channels]`. */
function rowsOf(file: Safetensors, name: string, [batches, heads, count, channels]: readonly number[]) {
  const { values } = file.tensors.get(name)!;
  const rows = new Float32Array(values.length);
  for (let i = 0; i < rows.length; i++) {
    const [channel, head] = [i % channels, Math.floor(i / channels) % heads];
    const row = Math.floor(i / channels / heads);
    const batch = Math.floor(row / count);
    rows[i] = Number(values[((batch * heads + head) * count + (row % count)) * channels + channel]);
  }
  return { dtype: 'F32', shape: [batches * count, heads * channels], values: rows } as const;
}
