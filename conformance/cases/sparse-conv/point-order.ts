import * as tf from '@tensorflow/tfjs-core';
import * as ops from '@tfjs-sparse/sparse-conv';
import { drawRows, uniformFrom } from '../../oracle/random.js';
import type { CallCase } from '../../src/run-call.js';

const pointCount = 500;
const channels = 5;
const next = uniformFrom(900);
const positions = drawRows(next, pointCount, 3).map((point) => point.map((p) => p * 4));
const features = drawRows(next, pointCount, channels);
const shuffled = Array.from({ length: pointCount }, (_, point) => (point * 77) % pointCount); // 77 and 500 share no factor

/** Points in another order must give the same sites and the same bits. `first` depends on the order by its definition. */
export const calls: readonly CallCase[] = (['mean', 'sum', 'max'] as const).map((reduction) => ({
  id: `voxelize/${reduction}-of-shuffled-points`,
  async call() {
    const inOrder = await voxelsAndConvolution(reduction, [...shuffled.keys()]);
    const inOtherOrder = await voxelsAndConvolution(reduction, shuffled);
    for (const [what, values] of Object.entries(inOrder)) {
      const differing = values.findIndex((value, index) => value !== inOtherOrder[what][index]);
      if (differing >= 0)
        throw new RangeError(`voxelize: ${what} must not depend on the order of points, element ${differing} does`);
    }
  },
  error: null,
}));

/** Features of the sites of points taken in `order`, and of a submanifold convolution over them. */
async function voxelsAndConvolution(
  reduction: ops.VoxelReduction,
  order: readonly number[],
): Promise<Record<string, Int32Array | Float32Array>> {
  const x = ops.voxelize(
    Float32Array.from(order.flatMap((point) => positions[point])),
    tf.tensor2d(
      order.flatMap((point) => features[point]),
      [pointCount, channels],
    ),
    { voxelSize: [1, 1, 1], origin: [0, 0, 0], reduction, batchIndices: new Int32Array(pointCount), batchSize: 1 },
  ).tensor;
  const filter: tf.Tensor3D = tf.tensor3d(drawRows(uniformFrom(901), 27 * channels, 2).flat(), [27, channels, 2]);
  const y = ops.submConv(x, filter, { kernelSize: [3, 3, 3] });
  const [voxels, convolved] = await Promise.all([x.features.data<'float32'>(), y.features.data<'float32'>()]);
  const coordinates = x.map.coordinates.slice();
  x.map.dispose();
  return { coordinates, voxels: voxels.slice(), convolved: convolved.slice() };
}
