import { CoordinateMap } from './coordinate-map.js';
import { cacheKey, checkedGeometry, type KernelGeometry } from './kernel-geometry.js';
import { isCentred, kernelOffsets, zeroOffset } from './kernel-offsets.js';

const centred: KernelGeometry = {
  kernelSize: [3, 3, 3],
  strides: [1, 1, 1],
  padding: [1, 1, 1],
  dilation: [1, 1, 1],
  outputRule: 'same',
};
const strided: KernelGeometry = { ...centred, strides: [2, 2, 2], padding: [1, 1, 1], outputRule: 'covering' };

describe('kernel geometry', () => {
  it('counts offsets with the last axis fastest', () => {
    const geometry: KernelGeometry = {
      kernelSize: [2, 3],
      strides: [1, 1],
      padding: [0, 2],
      dilation: [1, 2],
      outputRule: 'covering',
    };
    expect([...kernelOffsets(geometry)]).toEqual([0, -2, 0, 0, 0, 2, 1, -2, 1, 0, 1, 2]);
    expect(zeroOffset(geometry)).toBe(1);
    expect(zeroOffset({ ...geometry, padding: [0, 1] })).toBe(-1);
    expect(zeroOffset({ ...geometry, padding: [2, 2] })).toBe(-1);
  });

  it('moves listed taps into their box', () => {
    const taps = [
      [0, 3],
      [-1, 2],
      [1, 4],
    ];
    const given: KernelGeometry = {
      ...centred,
      kernelSize: [1, 1],
      strides: [1, 1],
      padding: [0, 6],
      dilation: [1, 2],
      taps,
    };
    const checked = checkedGeometry(given, 2);
    expect([checked.kernelSize, checked.padding, checked.taps]).toEqual([
      [3, 3],
      [1, 2],
      [
        [1, 1],
        [0, 0],
        [2, 2],
      ],
    ]);
    expect([...kernelOffsets(checked)]).toEqual([0, 0, -1, -2, 1, 2]);
    expect([zeroOffset(checked), isCentred(checked)]).toEqual([0, false]);
    const sorted = checkedGeometry({ ...given, taps: [taps[1], taps[0], taps[2]] }, 2);
    expect([zeroOffset(sorted), isCentred(sorted)]).toEqual([1, true]);
    expect(checkedGeometry(checked, 2)).toBe(checked);
  });

  it('takes the full box in its own order for the box', () => {
    const geometry: KernelGeometry = { ...centred, kernelSize: [1], strides: [1], padding: [0], dilation: [1] };
    const checked = checkedGeometry({ ...geometry, taps: [[-1], [0], [1]] }, 1);
    expect(cacheKey(checked)).toBe(cacheKey({ ...geometry, kernelSize: [3], padding: [1] }));
    const reversed = checkedGeometry({ ...geometry, taps: [[1], [0], [-1]] }, 1);
    expect(reversed.taps).toEqual([[2], [1], [0]]);
  });

  it('has another cache key for every field that shapes a map', () => {
    const variants: Partial<KernelGeometry>[] = [
      {},
      { kernelSize: [3, 3, 2] },
      { strides: [2, 2, 1] },
      { padding: [1, 1, 0] },
      { dilation: [1, 1, 2] },
      { outputRule: 'floor' },
      { outputRule: 'generative' },
      { outputRule: 'generative', outputPadding: [0, 1, 0] },
      { taps: [[0, 0, 0]] },
    ];
    expect(new Set(variants.map((variant) => cacheKey({ ...strided, ...variant }))).size).toBe(variants.length);
  });

  it('returns the cached map for the same geometry and another one for any other', () => {
    const { map } = CoordinateMap.fromCoordinates(
      [
        [0, 1, 1, 1],
        [0, 1, 1, 2],
      ],
      3,
    );
    expect(map.kernelMap({ ...strided })).toBe(map.kernelMap(strided));
    expect(map.kernelMap({ ...strided, padding: [1, 1, 0] })).not.toBe(map.kernelMap(strided));
    expect(map.kernelMap({ ...centred, padding: [0, 0, 0] })).not.toBe(map.kernelMap(centred));
  });

  it('has one coarser map for all floor kernels of the same strides', () => {
    const { map } = CoordinateMap.fromCoordinates(
      [
        [0, 1, 1, 1],
        [0, 1, 1, 2],
      ],
      3,
    );
    const floor: KernelGeometry = { ...strided, outputRule: 'floor' };
    const wide = map.downsample(floor);
    expect(map.downsample({ ...floor, kernelSize: [2, 2, 2], padding: [0, 0, 0] })).toBe(wide);
    expect(map.downsample({ ...floor, strides: [2, 2, 1] })).not.toBe(wide);
    expect(map.downsample(strided)).not.toBe(wide);
  });

  const refused: [Partial<KernelGeometry>, string][] = [
    [{ taps: [] }, 'kernelMap: taps must hold at least one tap, got none'],
    [{ taps: [[0, 0]] }, 'kernelMap: taps must be rows of 3 integers, got [0, 0] in row 0'],
    [
      {
        taps: [
          [0, 0, 1],
          [0, 0, 1],
        ],
      },
      'kernelMap: taps must differ from each other, got [[0, 0, 1], [0, 0, 1]]',
    ],
    [
      { outputRule: 'generative', strides: [2, 2, 2], outputPadding: [0, 2, 0] },
      'kernelMap: outputPadding must be less than strides [2, 2, 2], got [0, 2, 0]',
    ],
    [{ strides: [1, 2, 1] }, 'kernelMap: a submanifold convolution must have stride 1 on every axis, got [1, 2, 1]'],
    [
      { strides: [0, 1, 1], outputRule: 'floor' },
      'kernelMap: strides must have 3 integers of at least 1 (one per axis), got [0, 1, 1]',
    ],
    [
      { strides: [-2, 1, 1], outputRule: 'covering' },
      'kernelMap: strides must have 3 integers of at least 1 (one per axis), got [-2, 1, 1]',
    ],
    [
      { strides: [1024, 1024, 2], outputRule: 'floor' },
      'kernelMap: strides must not multiply to more than 1048576, got [1024, 1024, 2]',
    ],
    [{ kernelSize: [3, 3] }, 'kernelMap: kernelSize must have 3 integers of at least 1 (one per axis), got [3, 3]'],
    [{ padding: [0, -1, 0] }, 'kernelMap: padding must have 3 integers of at least 0 (one per axis), got [0, -1, 0]'],
    [
      { dilation: [1, 1, 1.5] },
      'kernelMap: dilation must have 3 integers of at least 1 (one per axis), got [1, 1, 1.5]',
    ],
    [
      { kernelSize: [1, 1, 3], dilation: [1, 1, 2 ** 20] },
      'kernelMap: a kernel must span less than 1048576 cells per axis and have at most 1048576 offsets, got [1, 1, 3]',
    ],
  ];
  for (const [change, message] of refused) {
    it(`refuses ${JSON.stringify(change)}`, () => {
      const { map } = CoordinateMap.fromCoordinates([[0, 1, 1, 1]], 3);
      expect(() => map.kernelMap({ ...centred, ...change })).toThrowError(RangeError, message);
      expect(() => map.downsample({ ...centred, ...change })).toThrowError(RangeError, message);
    });
  }

  it('refuses a kernel that does not fit the grid, and outputs beyond 21 bits', () => {
    const small = CoordinateMap.fromCoordinates([[0, 1]], 1, { spatialShape: [2] }).map;
    const geometry: KernelGeometry = {
      kernelSize: [3],
      strides: [2],
      padding: [0],
      dilation: [1],
      outputRule: 'covering',
    };
    const message = 'downsample: the kernel must fit the padded spatialShape on every axis, got [2]';
    expect(() => small.downsample(geometry)).toThrowError(RangeError, message);
    const border = CoordinateMap.fromCoordinates([[0, 2 ** 20 - 1]], 1).map;
    expect(() => border.downsample({ ...geometry, strides: [1], padding: [1] })).toThrowError(
      RangeError,
      'downsample: output coordinates must lie in [-1048576, 1048576), got [1048574] to [1048576]',
    );
  });
});
