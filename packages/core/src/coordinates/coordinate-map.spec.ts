import { add, memory, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { deviceCopy } from '../op/tables.js';
import { CoordinateMap, coordinateMapOf } from './coordinate-map.js';
import type { KernelGeometry } from './kernel-geometry.js';

const halving: KernelGeometry = {
  kernelSize: [2, 2],
  strides: [2, 2],
  padding: [0, 0],
  dilation: [1, 1],
  outputRule: 'floor',
};

describe('CoordinateMap', () => {
  it('sorts coordinates and tells the row of each site', () => {
    const rows = [
      [1, 0, 0],
      [0, 5, -1],
      [0, -5, 2],
    ];
    const { map, order } = CoordinateMap.fromCoordinates(rows, 2);
    expect([...map.coordinates]).toEqual([0, -5, 2, 0, 5, -1, 1, 0, 0]);
    expect([...order!]).toEqual([2, 1, 0]);
    expect([map.siteCount, map.rank, map.batchSize]).toEqual([3, 2, 2]);
    expect([map.stride, map.spatialShape]).toEqual([[1, 1], null]);
  });

  it('takes sorted coordinates as they are, flat or typed, and keeps a copy', () => {
    const rows = Int32Array.of(0, 1, 1, 0, 1, 2);
    const { map, order } = CoordinateMap.fromCoordinates(rows, 2);
    rows[0] = 9;
    expect(order).toBeNull();
    expect([...map.coordinates]).toEqual([0, 1, 1, 0, 1, 2]);
    expect(CoordinateMap.fromCoordinates([0, 1, 1, 0, 1, 2], 2).map.coordinates).toEqual(map.coordinates);
  });

  it('knows where each cloud starts, empty ones included', () => {
    const { map } = CoordinateMap.fromCoordinates([1, 5, 1, 6, 3, 0], 1, { batchSize: 5 });
    expect([...map.batchStarts]).toEqual([0, 0, 2, 2, 3, 3]);
  });

  it('lists the points of each site in order of arrival', () => {
    const points = Float32Array.of(0.9, 9, -0.1, 9, 0.2, 9, -0.9, 9);
    const grouping = CoordinateMap.fromPoints(points, 1, { voxelSize: 1, pointStride: 2 });
    expect([...grouping.map.coordinates]).toEqual([0, -1, 0, 0]);
    expect([...grouping.inverse]).toEqual([1, 0, 1, 0]);
    expect([...grouping.pointStarts]).toEqual([0, 2, 4]);
    expect([...grouping.pointOrder]).toEqual([1, 3, 0, 2]);
  });

  it('divides in float32, as engines do on float tensors', () => {
    // 0.3 / 0.1 is 2.9999999999999996 in float64 and exactly 3 between the float32 values
    const { map } = CoordinateMap.fromPoints(Float32Array.of(0.3), 1, { voxelSize: 0.1 });
    expect([...map.coordinates]).toEqual([0, 3]);
  });

  it('takes points, batch indices and rows by value, whatever the width of their numbers', () => {
    const sitesOf = (batchIndices: ArrayLike<number>, points: ArrayLike<number>) =>
      CoordinateMap.fromPoints(points, 1, { voxelSize: 1, batchIndices }).map.coordinates;
    const expected = Int32Array.of(0, 7, 1, 5, 2, 6);
    const [ids, points] = [
      [1, 2, 0],
      [5, 6, 7],
    ];
    for (const kind of [Uint8Array, Int16Array, Int32Array, Float64Array]) {
      const positions = kind === Uint8Array ? points : kind.from(points); // bytes are no positions
      expect(sitesOf(kind.from(ids), positions)).toEqual(expected);
      expect(CoordinateMap.fromRows(kind.from([1, 5, 2, 6, 0, 7]), 1).map.coordinates).toEqual(expected);
    }
    expect(sitesOf(ids, points)).toEqual(expected);
    const rule = 'CoordinateMap: batchIndices must be integers of 32 bits, got 0.5 at 1';
    expect(() => sitesOf([0, 0.5, 1], points)).toThrowError(RangeError, rule);
  });

  it('keeps clouds apart and subtracts the origin', () => {
    const points = Float32Array.of(1, 1, 1, 1, 5, 9);
    const options = { voxelSize: [1, 2], origin: [1, -1], batchIndices: Int32Array.of(1, 0, 0), batchSize: 3 };
    const { map, inverse } = CoordinateMap.fromPoints(points, 2, options);
    expect([...map.coordinates]).toEqual([0, 0, 1, 0, 4, 5, 1, 0, 1]);
    expect([...inverse]).toEqual([2, 0, 1]);
    expect([...map.batchStarts]).toEqual([0, 2, 3, 3]);
  });

  it('is valid without sites', () => {
    const { map, inverse, pointStarts } = CoordinateMap.fromPoints(new Float32Array(0), 3, { voxelSize: 1 });
    expect([map.siteCount, map.batchSize, inverse.length]).toEqual([0, 1, 0]);
    expect([...pointStarts]).toEqual([0]);
    expect(CoordinateMap.fromCoordinates([], 3, { batchSize: 2 }).map.batchStarts).toEqual(new Int32Array(3));
  });

  it('multiplies strides and divides the grid on the way down', () => {
    const options = { spatialShape: [5, 4], stride: [1, 3], batchSize: 4 };
    const coarse = CoordinateMap.fromCoordinates([0, 4, 3], 2, options).map.downsample(halving);
    expect([...coarse.coordinates]).toEqual([0, 2, 1]);
    expect([coarse.stride, coarse.spatialShape, coarse.batchSize]).toEqual([[2, 6], [3, 2], 4]);
  });

  it('is found by the tensor that it made', async () => {
    await setBackend('cpu');
    const before = memory().numTensors;
    const { map } = CoordinateMap.fromCoordinates([0, 1, 2], 2);
    const coords = map.toTensor();
    expect(coords.shape).toEqual([1, 3]);
    expect([coords.dtype, ...coords.dataSync()]).toEqual(['int32', 0, 1, 2]);
    expect(coordinateMapOf(coords)).toBe(map);
    const copy = add(coords, 0);
    expect(() => coordinateMapOf(copy)).toThrowError(
      TypeError,
      'coordinateMapOf: coords must come from CoordinateMap.toTensor() unchanged (sliced, gathered or stacked tensors ' +
        'lose their map), got a tensor of shape [1, 3]',
    );
    copy.dispose();
    coords.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('frees the device copies of everything made from it, once', () => {
    const { map } = CoordinateMap.fromCoordinates([0, 1, 2], 2);
    const kernelMap = map.kernelMap(halving);
    const coarse = map.downsample(halving);
    const tables = [map.coordinates, kernelMap.left, kernelMap.transposed().tileTable(), coarse.coordinates];
    let live = 0;
    for (const table of tables) deviceCopy(table, tables, () => ({ value: ++live, free: () => live-- }));
    expect(live).toBe(4);
    map.dispose();
    map.dispose();
    expect(live).toBe(0);
  });
});
