import * as tf from '@tensorflow/tfjs-core';
import { windowOffsets, type WindowOffsetsOptions } from '@tfjs-sparse/window-attention';
import { drawSites, type SitePattern } from '../../oracle/draw-sites.js';
import * as field from '../../src/fields.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import * as patterns from '../sparse-conv/shared/site-patterns.js';
import { mapOrder } from './shared/map-order.js';
import { exactly } from './shared/set-operation.js';

const offsets: TensorOperation<WindowOffsetsOptions> = {
  op: 'window-offsets',
  inputs: { coordinates: 'int32' },
  outputs: { y: 'float32' },
  attributes: {
    windowSize: field.numbers,
    shift: field.optional(field.numbers),
    axes: field.optional(field.numbers),
  },
  forward({ coordinates }, options) {
    const { map, toRows } = mapOrder('window-offsets', coordinates);
    return { y: toRows(windowOffsets(map, options)) };
  },
  define({ coordinates }, { windowSize, shift, axes }) {
    const [count, columns] = coordinates.shape;
    const along = axes ?? windowSize.map((_, axis) => axis);
    const values = Array.from({ length: count }, (_, row) =>
      along.map((axis) => {
        const moved = coordinates.values[row * columns + 1 + axis] + (shift?.[axis] ?? 0);
        const size = windowSize[axis];
        return (((moved % size) + size) % size) - size / 2;
      }),
    );
    return { y: { shape: [count, along.length], values: values.flat() } };
  },
};

interface OffsetsCase extends WindowOffsetsOptions {
  readonly sites: SitePattern;
  readonly seed: number;
}

export const operation = defineTensorCases<OffsetsCase, WindowOffsetsOptions>(
  offsets,
  ({ sites: pattern, seed, ...attrs }) => {
    const sites = drawSites(pattern, seed);
    const coordinates = { shape: [sites.length, 4], values: sites.flat(), dtype: 'int32' } as const;
    return { tolerance: exactly, inputs: { coordinates }, attrs, seed: seed + 1 };
  },
  (control) => [
    control('windows-of-3-3-5', { sites: patterns.scattered, windowSize: [3, 3, 5], seed: 7200 }),
    control.with('shift', { shift: [1, 0, 2] }),
    control.with('axes', { axes: [2, 1] }),
    control.with('negative-coordinates', { sites: patterns.negative, shift: [-1, 3, 0] }),
    control.with('no-sites', { sites: patterns.noSites }),
    control.with('unsorted-input', { sites: patterns.shuffled }),
  ],
);

export const calls: readonly CallCase[] = [
  {
    id: 'window-offsets/window-of-0',
    call: () => {
      const { map } = mapOrder('window-offsets', tf.tensor2d([[0, 0, 0]], [1, 3], 'int32'));
      windowOffsets(map, { windowSize: [0, 2] });
    },
    error: 'RangeError: windowOffsets: windowSize must have 2 integers from 1 to 2097152 (one per axis), got [0, 2]',
  },
];
