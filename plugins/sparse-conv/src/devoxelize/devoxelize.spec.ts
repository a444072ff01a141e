import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { seededRandom, sparseTensor } from '@tfjs-sparse/core';
import '../register.js';
import { sparseSumPool } from '../pool/op.js';
import { splat } from '../splat/op.js';
import { voxelize } from '../voxelize/op.js';
import { devoxelize } from './op.js';
import { pointWeights } from './point-weights.js';

const line = (options = {}) => sparseTensor(tf.tensor2d([[1], [3]]), [[0, 0], [0, 1]], options); // prettier-ignore

describe('devoxelize', () => {
  it('reads a coarser map at the same positions', async () => {
    const y = devoxelize(line({ stride: [2] }), pointWeights(line({ stride: [2] }).map, [[0], [1], [2]]));
    expect(Array.from(await y.data())).toEqual([1, 2, 3]);
  });

  it('knows voxel size and origin', async () => {
    const x = line();
    const linear = pointWeights(x.map, Float32Array.of(10.25, 9), { voxelSize: 0.5, origin: [10] });
    expect(Array.from(await devoxelize(x, linear).data())).toEqual([2, 0]);
    const nearest = pointWeights(x.map, [[10.75]], { voxelSize: 0.5, origin: [10], mode: 'nearest' });
    expect(Array.from(await devoxelize(x, nearest).data())).toEqual([3]);
  });

  it('finds points on borders in the cells of voxelize, on coarser grids too', () => {
    const seed = 11;
    const random = seededRandom(seed);
    for (const voxelSize of [0.1, 0.05, 0.3, 1 / 3]) {
      for (const origin of [0, 0.1, -3.7]) {
        const borders = Array.from({ length: 600 }, () => Math.round(random() * 4000 - 2000) * voxelSize + origin);
        for (const points of [borders, Float32Array.from(borders)]) {
          const options = { voxelSize: [voxelSize], origin: [origin] };
          const { tensor, inverse } = voxelize(points, tf.ones([600, 1]), options);
          for (const stride of [1, 2, 3, 5]) {
            const { map } = sparseSumPool(tensor, { poolSize: stride });
            const { columns, starts } = pointWeights(map, points, { ...options, mode: 'nearest' });
            const context = `seed ${seed}, voxel ${voxelSize}, origin ${origin}, stride ${stride}`;
            expect(starts[600]).withContext(`points in sites, ${context}`).toBe(600);
            const cells = Array.from(columns, (site) => map.coordinates[2 * site + 1]);
            const wanted = Array.from(inverse, (site) => Math.floor(tensor.map.coordinates[2 * site + 1] / stride));
            expect(cells).withContext(context).toEqual(wanted);
          }
        }
      }
    }
  });

  it('leaves one tensor', () => {
    const x = line();
    const before = tf.memory().numTensors;
    devoxelize(x, pointWeights(x.map, [[0.5]]));
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  const refused: [string, () => unknown, string][] = [
    [
      'weights of other sites',
      () => devoxelize(line(), pointWeights(sparseTensor(tf.ones([1, 1]), [[0, 0]]).map, [[0]])),
      'devoxelize: weights must be those of 2 sites (as x), got 1',
    ],
    [
      'a point that is not finite',
      () => pointWeights(line().map, [[NaN]]),
      'pointWeights: points must be finite and within 2^20 cells of the origin, got NaN',
    ],
    [
      'ragged points',
      () => pointWeights(line().map, [[0, 1]]),
      'pointWeights: points must have 1 columns in every row, got 2',
    ],
    [
      'a voxel size of 0',
      () => pointWeights(line().map, [[0]], { voxelSize: 0 }),
      'pointWeights: voxelSize must be positive and finite, one for all axes or one for each of 1, got 0',
    ],
    [
      'few batch indices',
      () => pointWeights(line().map, [[0]], { batchIndices: new Int32Array(0) }),
      'pointWeights: batchIndices must have one entry for each of the 1 points, got 0',
    ],
    [
      'another mode',
      () => pointWeights(line().map, [[0]], { mode: 'cubic' as never }),
      "pointWeights: mode must be 'linear' or 'nearest', got cubic",
    ],
    [
      'features of other points',
      () => splat([[0]], tf.ones([2, 1])),
      'splat: features must have shape [1, channels] (one row per point), got [2, 1]',
    ],
    ['integers', () => splat([[0]], tf.ones([1, 1], 'int32')), 'splat: features must be float32, got int32'],
    [
      'an origin of NaN',
      () => splat([[0]], tf.ones([1, 1]), { origin: [NaN] }),
      'splat: origin must have 1 finite numbers (one per axis), got [NaN]',
    ],
    [
      'points of unknown rank',
      () => splat(Float32Array.of(0), tf.ones([1, 1])),
      'splat: origin or a voxelSize per axis must be given with flat or no points, got undefined',
    ],
  ];
  for (const [name, run, message] of refused) {
    it(`refuses ${name}`, () => expect(run).toThrowError(message));
  }
});
