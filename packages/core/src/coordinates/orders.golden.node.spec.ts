import { readFileSync } from 'node:fs';
import { readSafetensors, type SafetensorsValues } from '../safetensors.js';
import { CoordinateMap } from './coordinate-map.js';
import type { Curve } from './curves.js';
import { groupBy } from './group-by.js';
import { orderBy } from './order-by.js';

/** Tensors and attributes of a case that published code made; golden/README.md says which. */
function readGolden(name: string): { values: (tensor: string) => SafetensorsValues; attributes: Attributes } {
  const { tensors, metadata } = readSafetensors(
    readFileSync(new URL(`../../golden/${name}.safetensors`, import.meta.url)),
  );
  return {
    values: (tensor) => tensors.get(tensor)!.values,
    attributes: JSON.parse(metadata.get('attributes')!) as Attributes,
  };
}

interface Attributes {
  readonly depth: number;
  readonly window_shape: number[] | number[][];
  readonly shifts_list: number[][][];
  readonly hybrid_factor: number[];
  readonly set_info: number[][];
}

describe('orders of published code', () => {
  for (const name of ['ptv3_codes_depth4', 'ptv3_codes_depth9_dense', 'ptv3_codes_depth16']) {
    it(`are those of Point Transformer V3: ${name}`, () => {
      const { values, attributes } = readGolden(name);
      const [positions, batches] = [values('in.grid_coord'), values('in.batch')];
      const rows = Int32Array.from({ length: batches.length * 4 }, (_, i) =>
        Number(i % 4 === 0 ? batches[i / 4] : positions[Math.floor(i / 4) * 3 + (i % 4) - 1]),
      );
      const { map, pointStarts, pointOrder } = CoordinateMap.fromRows(rows, 3);
      for (const [suffix, axes] of [['', [0, 1, 2]] as const, ['-trans', [1, 0, 2]] as const]) {
        for (const curve of ['z', 'hilbert'] as const) {
          const { order } = orderBy(map, { curve, axes, depth: attributes.depth });
          const points = [...order].flatMap((site) => [
            ...pointOrder.subarray(pointStarts[site], pointStarts[site + 1]),
          ]);
          expect(points)
            .withContext(curve + suffix)
            .toEqual([...(values(`out.order.${curve}${suffix}`) as Int32Array)]);
        }
      }
    });
  }

  for (const name of ['flatformer_mapping', 'flatformer_mapping_small_second_sample']) {
    it(`are those of FlatFormer: ${name}`, () => {
      const { values, attributes } = readGolden(name);
      const { map, order: rowOfSite } = CoordinateMap.fromCoordinates(values('in.coords') as Int32Array, 3);
      const [sizeX, sizeY] = attributes.window_shape as number[];
      for (const [name, axes, size] of [
        ['x', [1, 2], [sizeY, sizeX]] as const,
        ['y', [2, 1], [sizeX, sizeY]] as const,
      ]) {
        for (const isShifted of [false, true]) {
          const shift = size.map((cells) => (isShifted ? Math.floor(cells / 2) : 0));
          const curve: Curve = { curve: 'boustrophedon', axes, size, shift };
          const tensor = `out.${name}${isShifted ? '_shift' : ''}`;
          const rows = [...orderBy(map, curve).order].map((site) => rowOfSite?.[site] ?? site);
          expect(rows)
            .withContext(tensor)
            .toEqual([...(values(tensor) as Int32Array)]);
        }
      }
    });
  }

  for (const name of ['dsvt_partition_pillar', 'dsvt_partition_voxel']) {
    it(`fill the sets of DSVT: ${name}`, () => {
      const { values, attributes } = readGolden(name);
      const { map, order: rowOfSite } = CoordinateMap.fromCoordinates(values('in.coords') as Int32Array, 3);
      const [windowShape] = attributes.window_shape as number[][];
      const [setSize] = attributes.set_info[0];
      attributes.shifts_list[0].forEach((shift, hybrid) => {
        const size = windowShape.map((cells, axis) => cells * (hybrid === 0 ? 1 : attributes.hybrid_factor[axis]));
        const windows = groupBy(map, { axes: [2, 1, 0], size, shift }); // x, y, z
        const sets = [
          [1, 2, 0],
          [2, 1, 0],
        ].flatMap((axes) => {
          const { order } = orderBy(map, { curve: 'lexicographic', axes }, windows);
          return setsOf(order, windows.rows.starts, setSize).map((site) => rowOfSite?.[site] ?? site);
        });
        expect(sets).toEqual([...(values(`out.stage0.shift${hybrid}.set_inds`) as Int32Array)]);
      });
    });
  }
});

/** DSVT's sets of each window: slot j of set s holds the site of rank floor((s * size + j) * n / (sets * size)). */
function setsOf(order: Int32Array, starts: Int32Array, setSize: number): number[] {
  return Array.from(starts.subarray(1), (end, window) => {
    const siteCount = end - starts[window];
    const slots = Math.ceil(siteCount / setSize) * setSize;
    return Array.from({ length: slots }, (_, slot) => order[starts[window] + Math.floor((slot * siteCount) / slots)]);
  }).flat();
}
