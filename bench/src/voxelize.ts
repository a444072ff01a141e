import { CoordinateMap } from '@tfjs-sparse/core';
import type { BenchCase, BenchContext } from './bench.js';
import { frames, readPoints, type Frame } from './frames.js';
import { measure } from './measure.js';
import { pyramid } from './pyramid.js';
import { submGeometry } from './subm-geometry.js';
import { measureWindowPartition } from './window-partition.js';

const voxelSizes = [0.05, 0.1]; // metres

/** From points to sites and the 3 x 3 x 3 kernel map with its tiles, against the same work with JavaScript's Map. */
export const voxelizeCases: readonly BenchCase[] = frames.flatMap((frame) =>
  voxelSizes.flatMap((voxelSize) => [
    {
      name: `${frame.name}@${voxelSize}/voxelize+map`,
      run: (context: BenchContext) => run(context, frame, voxelSize),
    },
    {
      name: `${frame.name}@${voxelSize}/pyramid`,
      run: (context: BenchContext) => runPyramid(context, frame, voxelSize),
    },
    {
      name: `${frame.name}@${voxelSize}/windows`,
      run: (context: BenchContext) => runWindows(context, frame, voxelSize),
    },
  ]),
);

async function run(context: BenchContext, frame: Frame, voxelSize: number) {
  const points = await readPoints(context, frame);
  const ours = () => finestLevel(points, frame, voxelSize);
  const jsMap = () => withJsMap(points, frame.floatsPerPoint, voxelSize);
  const [expected, got] = [jsMap(), ours()];
  if (expected.sites !== got.sites || expected.pairs !== got.pairs) {
    throw new Error(`voxelize: sites and pairs must be ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`);
  }
  const times = await measure({ ours: () => void ours(), jsMap: () => void jsMap() });
  return {
    threads: 1,
    ms: times.ours,
    gflops: null,
    percentOfPeak: null,
    rateVsMatMul: null,
    speedup: { jsMap: times.jsMap / times.ours },
  };
}

/** From points to the four levels of a U-Net with all their kernel maps, against the finest level alone. */
async function runPyramid(context: BenchContext, frame: Frame, voxelSize: number) {
  const points = await readPoints(context, frame);
  const times = await measure({
    ours: () => void pyramid(points, frame, voxelSize),
    finest: () => void finestLevel(points, frame, voxelSize),
  });
  return {
    threads: 1,
    ms: times.ours,
    gflops: null,
    percentOfPeak: null,
    rateVsMatMul: null,
    speedup: {},
    details: { finestMs: times.finest },
  };
}

/** From sites to windows, sorted within each. */
async function runWindows(context: BenchContext, frame: Frame, voxelSize: number) {
  const { ours, jsMap, sites } = await measureWindowPartition(await readPoints(context, frame), frame, voxelSize);
  return {
    threads: 1,
    ms: ours,
    gflops: null,
    percentOfPeak: null,
    rateVsMatMul: null,
    speedup: { jsMap },
    details: { sites },
  };
}

function finestLevel(points: Float32Array, frame: Frame, voxelSize: number): { sites: number; pairs: number } {
  const { map } = CoordinateMap.fromPoints(points, 3, { voxelSize, pointStride: frame.floatsPerPoint });
  const kernelMap = map.kernelMap(submGeometry);
  kernelMap.tileTable();
  return { sites: map.siteCount, pairs: kernelMap.pairCount };
}

/**
 * Sites, inverse index and the pair lists of the 13 offsets ahead of the centre (the other 13 are the same pairs the
 * other way round) by one Map from a cell's number to its site.
 */
function withJsMap(points: Float32Array, floatsPerPoint: number, voxelSize: number): { sites: number; pairs: number } {
  const size = Math.fround(voxelSize);
  const span = 2 ** 17; // more than the cells of any of the frames; three axes stay below 2^53
  const cellOf = (x: number, y: number, z: number) => ((x + span / 2) * span + (y + span / 2)) * span + (z + span / 2);
  const sites = new Map<number, number>();
  const inverse = new Int32Array(points.length / floatsPerPoint);
  const cells: number[] = [];
  for (let point = 0; point < inverse.length; point++) {
    const at = (axis: number) => Math.floor(Math.fround(points[point * floatsPerPoint + axis] / size));
    const cell = cellOf(at(0), at(1), at(2));
    let site = sites.get(cell);
    if (site === undefined) {
      site = cells.length;
      sites.set(cell, site);
      cells.push(cell);
    }
    inverse[point] = site;
  }
  let pairs = cells.length;
  for (let offset = 14; offset < 27; offset++) {
    const [dx, dy, dz] = [Math.floor(offset / 9) - 1, (Math.floor(offset / 3) % 3) - 1, (offset % 3) - 1];
    const step = (dx * span + dy) * span + dz;
    const inputs: number[] = [];
    const outputs: number[] = [];
    cells.forEach((cell, site) => {
      const neighbour = sites.get(cell + step);
      if (neighbour === undefined) return;
      inputs.push(neighbour);
      outputs.push(site);
    });
    pairs += 2 * inputs.length;
  }
  return { sites: cells.length, pairs };
}
