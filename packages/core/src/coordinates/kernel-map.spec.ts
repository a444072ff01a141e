import { CoordinateMap } from './coordinate-map.js';
import type { KernelGeometry } from './kernel-geometry.js';
import { KernelMap } from './kernel-map.js';
import { tileSites } from './tile-table.js';
import { pairBlockSites } from './pair-starts.js';

const submanifold: KernelGeometry = {
  kernelSize: [3],
  strides: [1],
  padding: [1],
  dilation: [1],
  outputRule: 'same',
};
const halving: KernelGeometry = { ...submanifold, kernelSize: [2], strides: [2], padding: [0], outputRule: 'floor' };

/** One cloud on a line. */
function line(...cells: number[]): CoordinateMap {
  return CoordinateMap.fromCoordinates(
    cells.map((cell) => [0, cell]),
    1,
  ).map;
}

describe('KernelMap', () => {
  it('stores one of two opposite offsets and implies the centre', () => {
    const map = line(0, 1, 3, 4).kernelMap(submanifold);
    expect([...map.left]).toEqual([1, 3]);
    expect([...map.right]).toEqual([0, 2]);
    expect(map.segments).toEqual([
      { start: 0, count: 2, swapped: true },
      { start: 0, count: 0, swapped: false },
      { start: 0, count: 2, swapped: false },
    ]);
    expect(map.identityOffset).toBe(1);
    expect(map.pairCount).toBe(8);
  });

  it('tells the input of every output and offset', () => {
    expect([...line(0, 1, 3).kernelMap(submanifold).neighbourTable()]).toEqual([-1, 0, 1, 0, 1, -1, -1, 2, -1]);
  });

  it('has a transposed map with the same offsets and lists of its own tables', () => {
    const map = line(0, 1, 3).kernelMap(halving);
    const transposed = map.transposed();
    expect(transposed.transposed()).toBe(map);
    expect([transposed.inSites, transposed.outSites]).toEqual([2, 3]);
    expect(transposed.left).toBe(map.left);
    expect([...map.neighbourTable()]).toEqual([0, 1, -1, 2]);
    expect([...transposed.neighbourTable()]).toEqual([0, -1, -1, 0, -1, 1]);
    expect(transposed.tileTable()).not.toBe(map.tileTable());
  });

  it('is the identity for kernel size 1, under every rule', () => {
    const sites = line(2, 5, 9);
    for (const outputRule of ['same', 'covering', 'floor'] as const) {
      const geometry = { ...submanifold, kernelSize: [1], padding: [0], outputRule };
      const map = sites.kernelMap(geometry);
      expect(sites.downsample(geometry)).toBe(sites);
      expect([map.identityOffset, map.pairCount, map.left.length]).toEqual([0, 3, 0]);
    }
  });

  it('cuts segments at tiles of outputs, for the map and its transposed map', () => {
    const count = 2 * tileSites + 10;
    const sites = line(...Array.from({ length: count }, (_, cell) => cell));
    const table = sites.kernelMap(submanifold).tileTable();
    // offset -1 (swapped): outputs 1.., offset +1: outputs 0..count-2; the centre has no stored pairs
    expect([...table]).toEqual([
      ...[0, tileSites - 1, 0, 0, 0, tileSites],
      ...[tileSites - 1, tileSites, 0, 0, tileSites, tileSites],
      ...[2 * tileSites - 1, 10, 0, 0, 2 * tileSites, 9],
    ]);
    const halved = sites.kernelMap(halving);
    const half = count / 2;
    expect([...halved.tileTable()]).toEqual([0, tileSites, half, tileSites, tileSites, 5, half + tileSites, 5]);
    expect([...halved.transposed().tileTable()]).toEqual([
      ...[0, tileSites / 2, half, tileSites / 2],
      ...[tileSites / 2, tileSites / 2, half + tileSites / 2, tileSites / 2],
      ...[tileSites, 5, half + tileSites, 5],
    ]);
  });

  it('tells where the pairs of each block of outputs begin', () => {
    const count = 2 * pairBlockSites + 10;
    const sites = line(...Array.from({ length: count }, (_, cell) => cell));
    expect([...sites.kernelMap(submanifold).pairStarts()]).toEqual([
      ...[1, 0, pairBlockSites - 1, 2 * pairBlockSites - 1, count - 1], // outputs 1..
      ...[0, 0, 0, 0, 0],
      ...[0, 0, pairBlockSites, 2 * pairBlockSites, count - 1], // outputs ..count - 2
    ]);
    const transposed = sites.kernelMap(halving).transposed();
    const half = count / 2;
    expect([...transposed.pairStarts()]).toEqual([
      ...[1, 0, pairBlockSites / 2, pairBlockSites, half],
      ...[1, half, half + pairBlockSites / 2, half + pairBlockSites, count],
    ]);
  });

  it('skips tiles without pairs', () => {
    const lists = {
      left: Int32Array.of(0),
      right: Int32Array.of(tileSites),
      segments: [{ start: 0, count: 1, swapped: false }],
    };
    expect([...new KernelMap(1, tileSites + 1, lists, -1).tileTable()]).toEqual([0, 0, 0, 1]);
  });

  it('is empty for no sites', () => {
    const { map: none } = CoordinateMap.fromCoordinates([], 1);
    for (const geometry of [submanifold, halving, { ...halving, kernelSize: [3], outputRule: 'covering' as const }]) {
      const map = none.kernelMap(geometry);
      expect(none.downsample(geometry).siteCount).toBe(0);
      expect([map.inSites, map.outSites, map.pairCount, map.offsetCount]).toEqual([0, 0, 0, geometry.kernelSize[0]]);
      expect(map.segments.length).toBe(geometry.kernelSize[0]);
      expect(map.tileTable().length + map.neighbourTable().length).toBe(0);
    }
  });
});
