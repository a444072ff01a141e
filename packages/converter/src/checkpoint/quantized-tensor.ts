import { requireFormat } from '../format-error.js';
import { PickleExtension } from '../torch/pickle/values.js';
import type { StoredTensor } from './stored-tensor.js';

/** An affine quantisation: `(integer - zeroPoint) * scale`. */
export interface PerTensorScale {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** One scale and zero point for each index of an axis. */
export interface PerChannelScales {
  readonly scales: StoredTensor;
  readonly zeroPoints: StoredTensor;
  readonly axis: number;
}

/** torch's quantised tensors (qint8, quint8, qint32). */
export class QuantizedTensor extends PickleExtension {
  constructor(
    readonly integers: StoredTensor,
    readonly scheme: PerTensorScale | PerChannelScales,
  ) {
    super();
    if (!('axis' in scheme)) return;
    const { scales, zeroPoints, axis } = scheme;
    const { shape } = integers;
    const isAxis = Number.isInteger(axis) && axis >= 0 && axis < shape.length;
    requireFormat(isAxis, reader, `the axis of channels must be below ${shape.length} (axes)`, axis);
    const areChannels = scales.size === shape[axis] && zeroPoints.size === shape[axis];
    requireFormat(areChannels, reader, `there must be ${shape[axis]} scales and zero points`, scales.size);
  }

  get shape(): readonly number[] {
    return this.integers.shape;
  }
}

const reader = 'quantised tensor';
