import { memory, ones, tensor1d, tensor2d, zeros, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Points } from '@tfjs-sparse/core';
import '../register.js';
import { splat } from '../splat/op.js';
import { voxelize, type VoxelizeOptions, type VoxelReduction } from './op.js';

describe('voxelize', () => {
  const points = [
    [0.5, 0.5],
    [-0.5, 0],
    [0.9, 0.1],
    [0, 0.99],
  ];
  const features = () => tensor2d([[1], [7], [4], [-8]]);
  const options: VoxelizeOptions = { voxelSize: 1 };

  const expected: [VoxelReduction, number[]][] = [
    ['mean', [7, -1]],
    ['sum', [7, -3]],
    ['max', [7, 4]],
    ['first', [7, 1]],
  ];
  for (const [reduction, values] of expected) {
    it(`gives the ${reduction} of the points of a site`, async () => {
      const input = features();
      const before = memory().numTensors;
      const { tensor, inverse } = voxelize(points, input, { ...options, reduction });
      expect(memory().numTensors).toBe(before + 1);
      expect(await tensor.features.data()).toEqual(Float32Array.from(values));
      expect(Array.from(tensor.map.coordinates)).toEqual([0, -1, 0, 0, 0, 0]);
      expect(Array.from(inverse)).toEqual([1, 0, 1, 1]);
    });
  }

  it('sums to the same bits in any order of the points', async () => {
    const values = [1e8, 1, -1e8, 3e-30, 1 / 3, -7e20, 7e20];
    const sumOf = async (ordered: number[]) => {
      const rows = ordered.map(() => [0]);
      const { tensor } = voxelize(rows, tensor2d(ordered, [7, 1]), { ...options, reduction: 'sum' });
      return (await tensor.features.data())[0];
    };
    const expectedSum = await sumOf(values);
    for (let shift = 1; shift < 7; shift++) {
      expect(await sumOf([...values.slice(shift), ...values.slice(0, shift)])).toBe(expectedSum);
    }
  });

  it('reads positions from flat arrays, from tensors, and from the first columns of rows', () => {
    const flat = Float32Array.from(points.flat());
    const wide = points.map((point) => [...point, 99]);
    const inputs: [Points | Tensor2D, Partial<VoxelizeOptions>][] = [
      [points.flat(), { rank: 2 }],
      [Float64Array.from(flat), { rank: 2 }],
      [flat, { rank: 2 }],
      [flat, { voxelSize: [1, 1] }],
      [flat, { origin: [0, 0] }],
      [Float32Array.from(wide.flat()), { rank: 2, pointStride: 3 }],
      [tensor2d(points), {}],
      [tensor2d(wide), { rank: 2 }],
      [wide, { rank: 2 }],
    ];
    for (const [input, given] of inputs) {
      const { tensor } = voxelize(input, features(), { ...options, ...given });
      expect(Array.from(tensor.map.coordinates)).toEqual([0, -1, 0, 0, 0, 0]);
    }
  });

  it('takes the origin from metres of a map grid before they are rounded to float32', () => {
    const corner = [448_000, 5_411_000];
    const cells = Array.from({ length: 400 }, (_, i) => [i % 20, Math.floor(i / 20)]);
    const rows = cells.map((cell) => cell.map((place, axis) => corner[axis] + 0.05 + 0.1 * place));
    const options = { voxelSize: 0.1, origin: corner };
    for (const points of [rows, rows.flat(), Float64Array.from(rows.flat())]) {
      expect(voxelize(points, ones([400, 1]), options).tensor.map.siteCount).toBe(400);
      const { map } = splat(points, ones([400, 1]), options);
      expect(map.siteCount).toBe(21 * 21);
    }
  });

  it('gives no sites for no points', () => {
    const { tensor, inverse } = voxelize([], zeros([0, 3]), { ...options, rank: 3 });
    expect([tensor.map.siteCount, tensor.map.rank, tensor.channels, inverse.length]).toEqual([0, 3, 3, 0]);
  });

  const refused: [string, () => unknown, string][] = [
    [
      'another reduction',
      () => voxelize(points, features(), { ...options, reduction: 'median' as VoxelReduction }),
      'voxelize: reduction must be one of mean, sum, max, first, got median',
    ],
    [
      'a missing feature row',
      () => voxelize(points.slice(1), features(), options),
      'voxelize: features must have shape [3, channels] (one row per point), got [4, 1]',
    ],
    [
      'features of rank 1',
      () => voxelize(points, tensor1d([1, 2, 3, 4]) as Tensor as Tensor2D, options),
      'voxelize: features must have shape [4, channels] (one row per point), got [4]',
    ],
    [
      'integer features',
      () => voxelize(points, zeros([4, 1], 'int32') as Tensor2D, options),
      'voxelize: features must be float32, got int32',
    ],
    [
      'flat points of unknown rank',
      () => voxelize(new Float32Array(8), features(), options),
      'voxelize: options.rank must be given with flat or no points, got undefined',
    ],
    [
      'ragged rows',
      () => voxelize([[1, 2], [1], [1, 2], [1, 2]], features(), options),
      'voxelize: points must have 2 columns in every row, got 1',
    ],
    [
      'a position that is no number',
      () => voxelize([[0, 0], [0, NaN], ...points.slice(2)], features(), options),
      'CoordinateMap: point positions must be finite, got [0, NaN] in point 1',
    ],
    [
      'a voxel size of 0',
      () => voxelize(points, features(), { voxelSize: 0 }),
      'CoordinateMap: voxelSize must be positive and finite, one for all axes or one for each of 2, got 0',
    ],
  ];
  for (const [name, run, message] of refused) {
    it(`refuses ${name}`, () => expect(run).toThrowError(message));
  }
});
