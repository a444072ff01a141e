import { grad, memory, mul, sum, tensor, tensor2d, zeros, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs'; // the gradients of its own ops
import { CoordinateMap, sparseTensor, SparseTensor } from '@tfjs-sparse/core';
import '../register.js';
import { fromDense, fromDenseNonzero, toDense } from './op.js';

describe('dense', () => {
  const rows = [
    [0, -1, 2],
    [1, 0, 3],
  ];
  const sites = () => sparseTensor(tensor2d([[1], [2]]), rows);

  it('fills the bounding box without a spatial shape', async () => {
    const x = sites();
    const before = memory().numTensors;
    const dense = toDense(x);
    expect(memory().numTensors).toBe(before + 1);
    expect(dense.shape).toEqual([2, 2, 2, 1]);
    expect(Array.from(await dense.data())).toEqual([1, 0, 0, 0, 0, 0, 0, 2]);
  });

  it('places sites from the origin in the given spatial shape', async () => {
    const dense = toDense(sites(), { spatialShape: [2, 3], origin: [-1, 1] });
    expect(dense.shape).toEqual([2, 2, 3, 1]);
    expect(Array.from(await dense.data())).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
  });

  it("uses the map's spatial shape", () => {
    const x = sparseTensor(tensor2d([[1]]), [[0, 1]], { spatialShape: [4], batchSize: 3 });
    expect(toDense(x).shape).toEqual([3, 4, 1]);
  });

  it('reads back what it wrote', async () => {
    const x = sites();
    const dense = toDense(x, { origin: [-1, 0] });
    const before = memory().numTensors;
    const back = fromDense(dense, x.map, { origin: [-1, 0] });
    expect(memory().numTensors).toBe(before + 1);
    expect(await back.features.data()).toEqual(await x.features.data());
  });

  it('passes gradients to sites and to cells', async () => {
    const { map } = sites();
    const weights = tensor([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2, 1]);
    const toSites = grad((features: Tensor) => sum(mul(toDense(new SparseTensor(features as Tensor2D, map)), weights)));
    expect(Array.from(await toSites(tensor2d([[1], [2]])).data())).toEqual([1, 8]);
    const toCells = grad((dense: Tensor) =>
      sum(mul(fromDense(dense, map, { origin: [-1, 2] }).features, tensor2d([[5], [6]]))),
    );
    expect(Array.from(await toCells(weights).data())).toEqual([5, 0, 0, 0, 0, 0, 0, 6]);
  });

  it('gives one empty cell per cloud without sites', async () => {
    const empty = sparseTensor(zeros([0, 2]), new Int32Array(0), { rank: 3, batchSize: 2 });
    const dense = toDense(empty);
    expect(dense.shape).toEqual([2, 1, 1, 1, 2]);
    expect(Array.from(await dense.data())).toEqual([0, 0, 0, 0]);
    expect(fromDense(dense, empty.map).features.shape).toEqual([0, 2]);
  });

  it('finds cells that are not zero', async () => {
    const { map, features } = await fromDenseNonzero(tensor([0, 0, 0, -1, NaN, 0, 0, 0], [2, 2, 2]));
    expect(Array.from(map.coordinates)).toEqual([0, 1, 1, 0]);
    expect([map.spatialShape, map.batchSize]).toEqual([[2], 2]);
    expect(Array.from(await features.data())).toEqual([0, -1, NaN, 0]);
  });

  const refused: [string, () => unknown, string][] = [
    [
      'sites outside',
      () => toDense(sites(), { spatialShape: [2, 4] }),
      'toDense: sites must lie inside [2, 4] cells from [0, 0], got [-1, 2]',
    ],
    [
      'a short spatial shape',
      () => toDense(sites(), { spatialShape: [2] }),
      'toDense: spatialShape must have 2 positive integers (one per axis), got [2]',
    ],
    [
      'a broken origin',
      () => toDense(sites(), { origin: [0.5, 0] }),
      'toDense: origin must have 2 integers (one per axis), got [0.5, 0]',
    ],
    [
      'a grid beyond 2 GiB',
      () => toDense(sites(), { spatialShape: [2 ** 14, 2 ** 15], origin: [-1, 0] }),
      'toDense: a dense tensor [2, 16384, 32768, 1] must have at most 2147483648 bytes, got 4294967296',
    ],
    [
      'a grid of other clouds',
      () => fromDense(zeros([1, 4, 4, 1]), sites().map),
      'fromDense: dense must have 2 clouds, 2 spatial axes and channels (as the map), got [1, 4, 4, 1]',
    ],
    [
      'an integer grid',
      () => fromDense(zeros([2, 4, 4, 1], 'int32'), sites().map),
      'fromDense: dense must be float32, got int32',
    ],
    [
      'a grid that is too small',
      () => fromDense(zeros([1, 2, 1]), CoordinateMap.fromCoordinates([[0, 2]], 1).map),
      'fromDense: sites must lie inside [2] cells from [0], got [2]',
    ],
  ];
  for (const [name, run, message] of refused) {
    it(`refuses ${name}`, () => expect(run).toThrowError(message));
  }

  it('refuses a grid without spatial axes', async () => {
    await expectAsync(fromDenseNonzero(zeros([2, 2]))).toBeRejectedWithError(
      'fromDenseNonzero: dense must have clouds, 1 to 4 spatial axes and channels, got [2, 2]',
    );
  });
});
