import * as tf from '@tensorflow/tfjs-core';
import * as ops from '@tfjs-sparse/sparse-conv';
import type { CallCase } from '../../src/run-call.js';
import { onesOn, refusedFromWebgpu } from '../../src/tensor-on.js';

/** Operands that live on another backend than the one that runs, and filters that share their data. */
export const calls: readonly CallCase[] = [
  {
    id: 'subm-conv/filter-on-another-backend',
    call: () => convolveWithFilterOf(tf.getBackend() === 'cpu' ? 'wasm' : 'cpu'),
    error: null, // tfjs moves it
  },
  {
    id: 'subm-conv/filter-on-webgpu',
    call: () => convolveWithFilterOf('webgpu'),
    ...refusedFromWebgpu('submConv', 'filter'),
  },
  {
    id: 'subm-conv/filter-of-groups-on-webgpu',
    call: () => convolveWithFilterOf('webgpu', 2),
    ...refusedFromWebgpu('submConv', 'filter'),
  },
  {
    id: 'subm-conv/reshaped-filter',
    async call() {
      const filter = tf.tensor3d([1, 2, 3, 4, 5, 6], [1, 2, 3]);
      const outputs = [];
      for (const channels of [2, 3]) {
        const x = ops.sparseTensor(tf.ones([1, channels]), [[0, 0, 0]]);
        const y = ops.submConv(x, tf.reshape(filter, [1, channels, 6 / channels]), { kernelSize: 1 });
        outputs.push([...(await y.features.data())].join());
        x.map.dispose();
      }
      if (outputs.join(' ') !== '5,7,9 9,12')
        throw new Error(`subm-conv: outputs must be 5,7,9 9,12, got ${outputs.join(' ')}`);
    },
    error: null,
  },
  {
    id: 'from-dense/grid-on-webgpu',
    call: async () => ops.fromDense(await onesOn<tf.Rank.R3>('webgpu', [1, 2, 2]), line()),
    ...refusedFromWebgpu('fromDense', 'dense'),
  },
];

function line(): ops.CoordinateMap {
  return ops.sparseTensor(tf.ones([2, 1]), [[0, 0], [0, 1]]).map; // prettier-ignore
}

/** All ones on three sites that see each other: 3 sites times the 2 channels, or one of each group. */
async function convolveWithFilterOf(backendName: string, groups = 1): Promise<void> {
  const filter = await onesOn<tf.Rank.R3>(backendName, [27, 2 / groups, 2]);
  const rows = [
    [0, 0, 0, 0],
    [0, 0, 0, 1],
    [0, 1, 0, 0],
  ];
  const x = ops.sparseTensor(tf.ones([3, 2]), rows, { rank: 3 });
  const values = await ops.submConv(x, filter, { kernelSize: [3, 3, 3], groups }).features.data();
  x.map.dispose();
  const expected = 6 / groups;
  if (values.some((value) => value !== expected)) {
    throw new RangeError(`subm-conv: outputs must be ${expected}, got [${values}]`);
  }
}
