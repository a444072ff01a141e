import { requireFormat } from '../format-error.js';
import { paddedPlaces } from './gathering.js';
import { isSame } from './layout.js';
import { gather, pad, slice } from './slicing.js';
import type { TensorBuilder } from './tensor-builder.js';
import type { Value } from './value.js';

/** Elements around the value by one of the ways that frameworks have; cuts where pads are below 0. */
export function padded(
  builder: TensorBuilder,
  x: Value,
  pads: readonly (readonly [number, number])[],
  mode: string,
  fill: number,
): Value {
  const cuts = pads.flatMap(([before, behind], axis) =>
    before < 0 || behind < 0 ? [{ axis, start: Math.max(0, -before), end: behind < 0 ? behind : Infinity }] : [],
  );
  const whole = cuts.length > 0 ? slice(builder, x, cuts) : x;
  const positive = pads.map(([before, behind]): [number, number] => [Math.max(before, 0), Math.max(behind, 0)]);
  if (mode === 'constant') return pad(builder, whole, positive, fill);
  if (mode === 'reflect') return pad(builder, whole, positive, 'REFLECT');
  if (mode === 'symmetric') return pad(builder, whole, positive, 'SYMMETRIC');
  requireFormat(
    mode === 'edge' || mode === 'wrap',
    'convert',
    'a Pad must be constant, reflect, symmetric, edge or wrap',
    mode,
  );
  return positive.reduce((value, amounts, axis) => {
    if (isSame(amounts, [0, 0])) return value;
    return gather(builder, value, builder.integers(paddedPlaces(value.shape[axis], amounts, mode)), axis);
  }, whole);
}
