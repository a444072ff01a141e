import * as tf from '@tensorflow/tfjs-core';
import { maxRelative } from '@tfjs-sparse/window-attention';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { PeerReader } from '../../src/peer-goldens.js';
import type { CallCase } from '../../src/run-call.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { exactMaxRelative } from './shared/exact-grapher.js';
import { imagesOf } from './shared/peer-images.js';
import { attributesOf } from './shared/peer-tables.js';

interface StepAttrs {
  readonly step: number;
}

interface ImageCase extends StepAttrs {
  readonly shape: readonly number[];
  /** All numbers are this one; default drawn. */
  readonly constant?: number;
  readonly seed: number;
}

const differences: TensorOperation<StepAttrs> = {
  op: 'max-relative',
  inputs: { x: 'float32' },
  outputs: { y: 'float32' },
  attributes: { step: field.number },
  forward: ({ x }, attrs) => ({ y: maxRelative(x as tf.Tensor4D, attrs) }),
  define: ({ x }, { step }) => ({ y: exactMaxRelative(x, step).y }),
  gradient({ y: dy }, { x }, { step }) {
    const dx = x.values.map(() => 0);
    exactMaxRelative(x, step).nearest.forEach((other, i) => {
      if (other < 0) return;
      dx[i] += dy.values[i];
      dx[other] -= dy.values[i];
    });
    return { x: dx };
  },
};

const tolerance = { output: 1e-7, gradient: 1e-6, reason: 'a difference, and sums of at most 20 cotangents' };

export const operation = defineTensorCases<ImageCase, StepAttrs>(
  differences,
  ({ shape, step, constant, seed }) => {
    const x = drawTensor(shape, seed);
    const values = x.values.map((value) => constant ?? value);
    return { tolerance, inputs: { x: { ...x, values } }, attrs: { step }, gradients: ['x'], seed: seed + 1 }; // prettier-ignore
  },
  (control) => [
    control('every-second', { shape: [1, 8, 8, 4], step: 2, seed: 6900 }),
    control.with('neighbours', { step: 1 }),
    control.with('ragged', { shape: [1, 7, 5, 4] }),
    control.with('step-of-3', { step: 3 }),
    control.with('step-above-the-sides', { step: 8 }),
    control.with('one-row', { shape: [1, 1, 9, 4] }),
    control.with('one-pixel', { shape: [1, 1, 1, 4] }),
    control.with('no-images', { shape: [0, 8, 8, 4] }),
    control.with('batches', { shape: [3, 6, 4, 4] }),
    control.with('channels-not-multiple-of-4', { shape: [1, 6, 6, 7] }),
    control.with('all-equal', { constant: 0.5 }),
  ],
);

/** What MRConv of MobileViG adds to the images. */
export const peers: PeerReader = (file) => {
  const [x, y] = ['in.x', 'out.x_j'].map((name) => file.tensors.get(name));
  if (!x || !y) return null;
  const { K: step } = attributesOf<{ K: number }>(file);
  const outputs = { y: imagesOf(y) };
  return [{ operation: differences, attrs: { step }, inputs: { x: imagesOf(x) }, outputs, tolerance }]; // prettier-ignore
};

export const calls: readonly CallCase[] = [
  {
    id: 'max-relative/no-step',
    call: () => maxRelative(tf.ones([1, 4, 4, 2]), { step: 0 }),
    error: 'RangeError: maxRelative: step must be an integer of at least 1, got 0',
  },
  {
    id: 'max-relative/without-batch',
    call: () => maxRelative(tf.ones([4, 4, 2]) as tf.Tensor as tf.Tensor4D),
    error: 'RangeError: maxRelative: x must be [batches, height, width, channels], got [4, 4, 2]',
  },
];
