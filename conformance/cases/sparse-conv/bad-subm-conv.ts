import * as tf from '@tensorflow/tfjs-core';
import { submConv } from '@tfjs-sparse/sparse-conv';
import type { CallCase } from '../../src/run-call.js';
import { threeSites } from './shared/three-sites.js';

/** Calls of `submConv` that must be refused, word for word alike on every backend; arguments are made within the call. */
export const calls: readonly CallCase[] = [
  {
    id: 'subm-conv/even-kernel',
    call: refused([8, 2, 2], { kernelSize: [2, 2, 2] }),
    error: 'RangeError: submConv: padding must be given for a kernel that is even on an axis, got kernelSize [2, 2, 2]',
  },
  {
    id: 'subm-conv/cross-of-even-size',
    call: refused([4, 2, 2], { kernelSize: [3, 2, 3], kernelShape: 'cross' }),
    error: 'RangeError: submConv: kernelSize of a cross must be odd on every axis, got [3, 2, 3]',
  },
  {
    id: 'subm-conv/unknown-kernel-shape',
    call: refused([27, 2, 2], { kernelShape: 'ball' }),
    error: "RangeError: submConv: kernelShape must be 'box' or 'cross', got ball",
  },
  {
    id: 'subm-conv/offsets-with-kernel-size',
    call: refused([1, 2, 2], { offsets: [[0, 0, 0]] }),
    error: 'RangeError: submConv: kernelSize must not be given with offsets, got [3, 3, 3]',
  },
  {
    id: 'subm-conv/offsets-of-another-rank',
    call: refused([1, 2, 2], { kernelSize: undefined, offsets: [[0, 0]] }),
    error: 'RangeError: submConv: offsets must be rows of 3 integers, got [[0, 0]]',
  },
  {
    id: 'subm-conv/repeated-offsets',
    call: refused([2, 2, 2], {
      kernelSize: undefined,
      offsets: [
        [0, 0, 1],
        [0, 0, 1],
      ],
    }),
    error: 'RangeError: submConv: offsets must differ from each other, got [[0, 0, 1], [0, 0, 1]]',
  },
  {
    id: 'subm-conv/groups-that-do-not-divide',
    call: refused([27, 1, 3], { groups: 2 }),
    error: 'RangeError: submConv: groups must divide the channels of features (2) and of filter (3), got 2',
  },
  {
    id: 'subm-conv/groups-filter-channels',
    call: refused([27, 2, 4], { groups: 2 }),
    error: 'RangeError: submConv: filter must have 1 input channels (as features, in 2 groups), got 2',
  },
  {
    id: 'subm-conv/kernel-of-another-rank',
    call: refused([9, 2, 2], { kernelSize: [3, 3] }),
    error: 'RangeError: submConv: kernelSize must be an integer >= 1, or 3 of them, got [3, 3]',
  },
  {
    id: 'subm-conv/kernel-of-size-0',
    call: refused([9, 2, 2], { kernelSize: [0, 3, 3] }),
    error: 'RangeError: submConv: kernelSize must be an integer >= 1, or 3 of them, got [0, 3, 3]',
  },
  {
    id: 'subm-conv/dilation-0',
    call: refused([27, 2, 2], { dilation: [1, 0, 1] }),
    error: 'RangeError: submConv: dilation must be an integer >= 1, or 3 of them, got [1, 0, 1]',
  },
  {
    id: 'subm-conv/filter-of-rank-2',
    call: refused([27, 2]),
    error: 'RangeError: submConv: filter must have shape [offsets, inChannels, outChannels], got [27, 2]',
  },
  {
    id: 'subm-conv/filter-offsets',
    call: refused([26, 2, 2]),
    error: 'RangeError: submConv: filter must have 27 offsets (the kernel volume), got 26',
  },
  {
    id: 'subm-conv/filter-channels',
    call: refused([27, 3, 2]),
    error: 'RangeError: submConv: filter must have 2 input channels (as features), got 3',
  },
  {
    id: 'subm-conv/filter-int32',
    call: refused([27, 2, 2], {}, 'int32'),
    error: 'TypeError: submConv: filter must be float32, got int32',
  },
  {
    id: 'subm-conv/bias-shape',
    call: () => submConv(threeSites(), tf.ones([27, 2, 4]), { kernelSize: [3, 3, 3], bias: tf.ones([3]) }),
    error: 'RangeError: submConv: bias must have shape [4] (the output channels), got [3]',
  },
  {
    id: 'subm-conv/bias-int32',
    call: () => submConv(threeSites(), tf.ones([27, 2, 4]), { kernelSize: [3, 3, 3], bias: tf.ones([4], 'int32') }),
    error: 'TypeError: submConv: bias must be float32, got int32',
  },
];

function refused(filterShape: readonly number[], changes: object = {}, dtype: 'float32' | 'int32' = 'float32') {
  return () => {
    const filter = tf.ones<tf.Rank.R3>([...filterShape] as [number, number, number], dtype);
    return submConv(threeSites(), filter, { kernelSize: [3, 3, 3], ...changes });
  };
}
