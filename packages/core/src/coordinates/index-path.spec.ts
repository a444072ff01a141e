import { seededRandom } from '../random.js';
import { CoordinateMap } from './coordinate-map.js';
import { checkedGeometry, type KernelGeometry, type OutputRule } from './kernel-geometry.js';
import type { KernelMap } from './kernel-map.js';
import { boxTaps, kernelOffsets } from './kernel-offsets.js';
import { outputGrid, type OutputGrid } from './output-grid.js';
import { randomRows, spans } from './random-rows-fixture.spec.js';
import * as reference from './reference.js';

/** A geometry; every third one has listed taps: some of its box, shuffled, moved below 0. */
function randomGeometry(random: () => number, rank: number, outputRule: OutputRule): KernelGeometry {
  const geometry = randomBox(random, rank, outputRule);
  if (random() < 2 / 3) return geometry;
  const [first, ...rest] = boxTaps(geometry.kernelSize).sort(() => (random() < 0.5 ? -1 : 1));
  const taps = [first, ...rest.filter(() => random() < 0.5)];
  return { ...geometry, taps: taps.map((tap) => tap.map((d) => d - 1)) };
}

function randomBox(random: () => number, rank: number, outputRule: OutputRule): KernelGeometry {
  const pick = (values: readonly number[]): number => values[Math.floor(random() * values.length)];
  const perAxis = (values: readonly number[]): number[] => Array.from({ length: rank }, () => pick(values));
  if (outputRule === 'same') {
    const kernelSize = perAxis([1, 3, 3, 5]);
    const dilation = perAxis([1, 1, 2]);
    const centre = kernelSize.map((size, axis) => (dilation[axis] * (size - 1)) / 2);
    const padding = random() < 0.7 ? centre : perAxis([0, 1, 2]);
    return { kernelSize, strides: kernelSize.map(() => 1), padding, dilation, outputRule };
  }
  const strides = perAxis([1, 2, 3, 4]);
  const isDisjoint = random() < 0.3;
  return {
    kernelSize: isDisjoint ? strides : perAxis([1, 2, 3, 4]),
    strides,
    padding: isDisjoint ? strides.map(() => 0) : perAxis([0, 1, 2]),
    dilation: isDisjoint ? strides.map(() => 1) : perAxis([1, 1, 2, 3]),
    outputRule,
  };
}

/** The pairs of offset `k` whether stored, shared with the opposite offset, or implied. */
function pairsOf(map: KernelMap, k: number): reference.OffsetPairs {
  if (k === map.identityOffset) {
    const sites = new Int32Array(map.outSites).map((_, site) => site);
    return { inputs: sites, outputs: sites };
  }
  const { start, count, swapped } = map.segments[k];
  const left = map.left.slice(start, start + count);
  const right = map.right.slice(start, start + count);
  return swapped ? { inputs: right, outputs: left } : { inputs: left, outputs: right };
}

function expectedSites(map: CoordinateMap, geometry: KernelGeometry): Int32Array {
  const columns = 1 + map.rank;
  if (geometry.outputRule === 'same') return map.coordinates;
  if (geometry.outputRule === 'floor') {
    const divided = map.coordinates.map((value, i) =>
      i % columns === 0 ? value : Math.floor(value / geometry.strides[(i % columns) - 1]),
    );
    return reference.groupRows(divided, columns).coordinates;
  }
  const bounds = reference.boundsOf(map.coordinates, columns);
  const { least, greatest } = outputGrid(geometry, bounds, map.spatialShape);
  return reference.coveringSites(map.coordinates, geometry, least, greatest);
}

/** Every `strides * u + offset` inside the grid. */
function generatedSites(coordinates: Int32Array, geometry: KernelGeometry, grid: OutputGrid): Int32Array {
  const { strides } = geometry;
  const rank = strides.length;
  const offsets = kernelOffsets(geometry);
  const rows: number[] = [];
  for (let i = 0; i < coordinates.length; i += 1 + rank) {
    for (let k = 0; k < offsets.length; k += rank) {
      const cells = strides.map((stride, axis) => stride * coordinates[i + 1 + axis] + offsets[k + axis]);
      if (cells.every((cell, axis) => cell >= grid.least[axis] && cell <= grid.greatest[axis])) {
        rows.push(coordinates[i], ...cells);
      }
    }
  }
  return reference.groupRows(Int32Array.from(rows), 1 + rank).coordinates;
}

describe('index path', () => {
  for (const span of spans) {
    for (const rank of [1, 2, 3, 4]) {
      const random = seededRandom(rank);
      const rows = randomRows(random, rank, span);
      const spatialShape = span.spatialShape ? new Array<number>(rank).fill(span.greatest + 2) : undefined;

      it(`groups rows as the reference does: ${span.name}, rank ${rank}`, () => {
        const { map, inverse, pointStarts, pointOrder } = CoordinateMap.fromRows(rows, rank, { spatialShape });
        const expected = reference.groupRows(rows, 1 + rank);
        expect(map.coordinates).toEqual(expected.coordinates);
        expect(inverse).toEqual(expected.inverse);
        expect(pointStarts).toEqual(expected.pointStarts);
        expect(pointOrder).toEqual(expected.pointOrder);
      });

      for (const outputRule of ['same', 'covering', 'floor'] as const) {
        it(`makes the maps of the reference: ${span.name}, rank ${rank}, ${outputRule}`, () => {
          const { map } = CoordinateMap.fromRows(rows, rank, { spatialShape });
          for (let i = 0; i < 12; i++) {
            const geometry = randomGeometry(random, rank, outputRule);
            const checked = checkedGeometry(geometry, rank);
            const context = JSON.stringify(checked);
            let sites: Int32Array;
            try {
              sites = expectedSites(map, checked);
            } catch {
              expect(() => map.kernelMap(geometry))
                .withContext(context)
                .toThrowError(RangeError);
              continue;
            }
            const kernelMap = map.kernelMap(geometry);
            expect(map.downsample(geometry).coordinates).withContext(context).toEqual(sites);
            const expected = reference.matchSites(map.coordinates, sites, checked);
            const found = expected.map((_, k) => pairsOf(kernelMap, k));
            expect(found).withContext(context).toEqual(expected);
            expect(kernelMap.pairCount).toBe(expected.reduce((sum, { inputs }) => sum + inputs.length, 0));
          }
        });
      }
    }
  }

  for (const rank of [1, 2, 3, 4]) {
    for (const pointStride of [rank, rank + 2]) {
      it(`voxelizes points as the reference does: rank ${rank}, ${pointStride} floats per point`, () => {
        const random = seededRandom(rank);
        const points = Float32Array.from({ length: 200 * pointStride }, () => (random() - 0.5) * 10);
        const voxelSize = [0.7, 1.1, 0.3, 2].slice(0, rank);
        const origin = [0.1, -3, 0, 20].slice(0, rank);
        const batchIndices = Int32Array.from({ length: 200 }, () => Math.floor(random() * 3));
        const rows = reference.voxelRows({ points, pointStride, voxelSize, origin, batchIndices });
        const expected = reference.groupRows(rows, 1 + rank);
        const grouping = CoordinateMap.fromPoints(points, rank, { voxelSize, origin, pointStride, batchIndices });
        expect(grouping.map.coordinates).toEqual(expected.coordinates);
        expect(grouping.inverse).toEqual(expected.inverse);
        expect(grouping.pointStarts).toEqual(expected.pointStarts);
        expect(grouping.pointOrder).toEqual(expected.pointOrder);
      });
    }
  }

  for (const span of spans) {
    for (const rank of [1, 2, 3, 4]) {
      it(`makes the transposed maps of the reference: ${span.name}, rank ${rank}`, () => {
        const random = seededRandom(rank + 10);
        const rows = randomRows(random, rank, { ...span, least: span.least >> 2, greatest: span.greatest >> 2 });
        const spatialShape = span.spatialShape ? new Array<number>(rank).fill(span.greatest + 2) : undefined;
        const { map } = CoordinateMap.fromRows(rows, rank, { spatialShape });
        for (let i = 0; i < 12; i++) {
          const geometry = randomGeometry(random, rank, 'generative');
          const checked = checkedGeometry(geometry, rank);
          const context = JSON.stringify(checked);
          const bounds = reference.boundsOf(map.coordinates, 1 + rank);
          let grid: OutputGrid;
          try {
            grid = outputGrid(checked, bounds, map.spatialShape);
          } catch {
            expect(() => map.kernelMap(geometry))
              .withContext(context)
              .toThrowError(RangeError);
            continue;
          }
          const fine = map.downsample(geometry).coordinates;
          expect(fine)
            .withContext(context)
            .toEqual(generatedSites(map.coordinates, checked, grid));
          const expected = reference.matchSites(fine, map.coordinates, checked);
          const found = expected.map((_, k) => pairsOf(map.kernelMap(geometry), k));
          expect(found.map(({ inputs, outputs }) => ({ inputs: outputs, outputs: inputs }))).toEqual(expected);
        }
      });

      it(`makes the maps of the reference onto given sites: ${span.name}, rank ${rank}`, () => {
        const random = seededRandom(rank + 20);
        const [inputs, outputs] = [1, 2].map(() => CoordinateMap.fromRows(randomRows(random, rank, span), rank).map);
        for (let i = 0; i < 12; i++) {
          const geometry = randomGeometry(random, rank, i % 3 === 0 ? 'same' : 'covering');
          const checked = checkedGeometry(geometry, rank);
          const expected = reference.matchSites(inputs.coordinates, outputs.coordinates, checked);
          const kernelMap = inputs.kernelMap(geometry, outputs);
          expect(expected.map((_, k) => pairsOf(kernelMap, k)))
            .withContext(JSON.stringify(checked))
            .toEqual(expected);
          const back = outputs.kernelMap({ ...geometry, outputRule: 'generative' }, inputs);
          expect(expected.map((_, k) => pairsOf(back.transposed(), k))).toEqual(expected);
          expect(inputs.kernelMap(geometry, outputs)).toBe(kernelMap);
        }
      });
    }
  }

  it('finds no neighbours across clouds or around the end of an axis', () => {
    const rows = [
      [0, 0, 3],
      [0, 1, 0],
      [0, 3, 3],
      [1, 0, 0],
    ];
    const { map } = CoordinateMap.fromCoordinates(rows, 2);
    const geometry = { kernelSize: [3, 3], strides: [1, 1], padding: [1, 1], dilation: [1, 1] };
    expect(map.kernelMap({ ...geometry, outputRule: 'same' }).pairCount).toBe(4);
  });

  it('gives the same without WebAssembly SIMD', () => {
    const random = seededRandom(5);
    const rows = randomRows(random, 3, spans[1]);
    const points = Float32Array.from({ length: 90 }, () => random() * 8 - 4);
    const geometry = randomGeometry(random, 3, 'covering');
    const results = [true, false].map((hasSimd) => {
      if (!hasSimd) spyOn(WebAssembly, 'validate').and.returnValue(false);
      const { map } = CoordinateMap.fromRows(rows, 3);
      const voxels = CoordinateMap.fromPoints(points, 3, { voxelSize: 0.7 });
      const { left, right, segments } = map.kernelMap(geometry);
      return [map.coordinates, map.downsample(geometry).coordinates, left, right, segments, voxels.map.coordinates];
    });
    expect(results[1]).toEqual(results[0]);
  });
});
