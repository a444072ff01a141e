import { CoordinateMap } from './coordinate-map.js';
import type { KernelGeometry } from './kernel-geometry.js';

const geometry: KernelGeometry = {
  kernelSize: [2],
  strides: [2],
  padding: [0],
  dilation: [1],
  outputRule: 'covering',
};

function line(...cells: number[]): CoordinateMap {
  return CoordinateMap.fromCoordinates(
    cells.map((cell) => [0, cell]),
    1,
  ).map;
}

describe('kernel maps onto given sites', () => {
  it('are made once per geometry and target, until the source is disposed', () => {
    const sites = line(0, 1, 5);
    const [a, b] = [line(0, 2), line(0, 2)];
    const map = sites.kernelMap(geometry, a);
    expect(sites.kernelMap({ ...geometry }, a)).toBe(map);
    expect(sites.kernelMap(geometry, b)).not.toBe(map);
    expect(sites.kernelMap({ ...geometry, padding: [1] }, a)).not.toBe(map);
    sites.dispose();
    expect(sites.kernelMap(geometry, a)).not.toBe(map);
  });

  it('are the maps of the output rule where its sites are the target', () => {
    const sites = line(0, 1, 5);
    expect(sites.kernelMap(geometry, sites.downsample(geometry))).toBe(sites.kernelMap(geometry));
    const same: KernelGeometry = { ...geometry, kernelSize: [3], strides: [1], padding: [1], outputRule: 'same' };
    expect(sites.kernelMap(same, sites)).toBe(sites.kernelMap(same));
  });

  it('refuse a target of another rank', () => {
    const plane = CoordinateMap.fromCoordinates([[0, 1, 1]], 2).map;
    const message = 'kernelMap: target must have rank 1 (as these sites), got 2';
    expect(() => line(0).kernelMap(geometry, plane)).toThrowError(RangeError, message);
  });

  it('say how many cells of the finest grid the generated sites span', () => {
    const transposed: KernelGeometry = { ...geometry, outputRule: 'generative' };
    const coarse = CoordinateMap.fromCoordinates(
      [
        [0, 0],
        [0, 3],
      ],
      1,
      { stride: [4], spatialShape: [4] },
    ).map;
    const fine = coarse.downsample(transposed);
    expect([...fine.coordinates]).toEqual([0, 0, 0, 1, 0, 6, 0, 7]);
    expect([fine.stride, fine.spatialShape]).toEqual([[2], [8]]);
    expect(coarse.downsample({ ...transposed, strides: [3] }).stride).toEqual([1]);
    expect(coarse.downsample({ ...transposed, outputPadding: [1] }).spatialShape).toEqual([9]);
  });
});
