import * as tf from '@tensorflow/tfjs-core';
import * as ops from '@tfjs-sparse/sparse-conv';
import type { CallCase } from '../../src/run-call.js';

/** Filters that live on another backend than the one that runs. */
export const calls: readonly CallCase[] = [
  {
    id: 'subm-conv/filter-on-another-backend',
    call: () => convolveWithFilterOf(tf.getBackend() === 'cpu' ? 'wasm' : 'cpu'),
    error: null, // tfjs moves it
  },
  {
    id: 'subm-conv/filter-on-webgpu',
    call: () => convolveWithFilterOf('webgpu'),
    unavailable: () => (tf.findBackendFactory('webgpu') ? null : 'no webgpu backend was opened'),
    error: (backendName) =>
      backendName === 'webgpu'
        ? null
        : `Error: SparseMapConvolution: filter must be on the '${backendName}' backend, got a tensor on 'webgpu'; ` +
          'read it with await data() and make a new tensor',
  },
];

/** All ones on three sites that see each other: 3 sites times 2 channels. */
async function convolveWithFilterOf(backendName: string): Promise<void> {
  const here = tf.getBackend();
  await tf.setBackend(backendName);
  const filter: tf.Tensor3D = tf.mul(tf.ones([27, 2, 2]), 1); // a kernel ran: the values are on that backend
  await tf.setBackend(here);
  const rows = [
    [0, 0, 0, 0],
    [0, 0, 0, 1],
    [0, 1, 0, 0],
  ];
  const x = ops.sparseTensor(tf.ones([3, 2]), rows, { rank: 3 });
  const values = await ops.submConv(x, filter, { kernelSize: [3, 3, 3] }).features.data();
  x.map.dispose();
  if (values.some((value) => value !== 6)) throw new RangeError(`subm-conv: outputs must be 6, got [${values}]`);
}
