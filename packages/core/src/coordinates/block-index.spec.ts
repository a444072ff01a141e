import { CoordinateMap } from './coordinate-map.js';
import type { KernelGeometry } from './kernel-geometry.js';
import * as reference from './reference.js';

/** Some of the sites of a box whose last axis spans several blocks of 32 keys. */
function longRows(hasSite: (z: number) => boolean): Int32Array {
  const rows: number[] = [];
  for (const batch of [0, 1]) {
    for (const x of [0, 1, 3]) {
      for (const y of [0, 1, 2, 4]) {
        for (let z = 0; z < 130; z++) if (hasSite(z * 7 + x * 5 + y * 3)) rows.push(batch, x, y, z);
      }
    }
  }
  return Int32Array.from(rows);
}

const geometries: Readonly<Record<string, KernelGeometry>> = {
  submanifold: geometry('same', [1, 1, 1], [1, 1, 1]),
  'one-sided': geometry('same', [0, 2, 0], [1, 1, 1]),
  dilated: { ...geometry('same', [2, 1, 1], [1, 1, 1]), dilation: [2, 1, 1] },
  strided: geometry('floor', [1, 1, 1], [1, 2, 2]),
};

function geometry(outputRule: 'same' | 'floor', padding: number[], strides: number[]): KernelGeometry {
  return { kernelSize: [3, 3, 3], strides, padding, dilation: [1, 1, 1], outputRule };
}

describe('blocks of keys', () => {
  for (const [name, checked] of Object.entries(geometries)) {
    for (const [density, hasSite] of Object.entries({
      full: () => true,
      half: (n: number) => (n * 2654435761) % 64 < 32,
      sparse: (n: number) => n % 31 < 2,
    })) {
      it(`hold every window of a ${density} box, ${name}`, () => {
        const { map } = CoordinateMap.fromCoordinates(longRows(hasSite), 3);
        const kernelMap = map.kernelMap(checked);
        const outputs = map.downsample(checked);
        const expected = new Int32Array(outputs.siteCount * 27).fill(-1);
        reference.matchSites(map.coordinates, outputs.coordinates, checked).forEach(({ inputs, outputs }, k) => {
          outputs.forEach((output, pair) => (expected[output * 27 + k] = inputs[pair]));
        });
        expect(kernelMap.neighbourTable()).toEqual(expected);
      });
    }
  }
});
