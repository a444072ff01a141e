import { CoordinateMap, type PointOptions } from './coordinate-map.js';

type Refused = [name: string, attempt: () => unknown, message: string];

const nan = Number.NaN;
const points = (values: number[], options: Partial<PointOptions> = {}): unknown =>
  CoordinateMap.fromPoints(Float32Array.from(values), 3, { voxelSize: 1, ...options });

const refused: Refused[] = [
  [
    'duplicates',
    () => CoordinateMap.fromCoordinates([0, 1, 1, 0, 0, 5, 0, 1, 1, 0, 0, 5], 2),
    'CoordinateMap: coordinates must differ from each other (fromRows and fromPoints merge duplicates), ' +
      'got [0, 1, 1] in rows 0 and 2',
  ],
  [
    'fractions',
    () =>
      CoordinateMap.fromCoordinates(
        [
          [0, 1],
          [0, 1.5],
        ],
        1,
      ),
    'CoordinateMap: coordinates must be integers of 32 bits, got [0, 1.5] in row 1',
  ],
  [
    'NaN',
    () => CoordinateMap.fromCoordinates([0, 1, 0, nan], 1),
    'CoordinateMap: coordinates must be integers of 32 bits, got [0, NaN] in row 1',
  ],
  [
    'coordinates above 21 bits',
    () => CoordinateMap.fromCoordinates([0, 0, 0, 2 ** 20], 1),
    'CoordinateMap: coordinates must lie in [-1048576, 1048576), got [0, 1048576] in row 1',
  ],
  [
    'coordinates below 21 bits',
    () => CoordinateMap.fromRows(Int32Array.of(0, 3, -(2 ** 20) - 1), 2),
    'CoordinateMap: coordinates must lie in [-1048576, 1048576), got [0, 3, -1048577] in row 0',
  ],
  [
    'negative batch indices',
    () => CoordinateMap.fromRows(Int32Array.of(0, 1, -1, 1), 1),
    'CoordinateMap: batch indices must lie in [0, 32768), got [-1, 1] in row 1',
  ],
  [
    'large batch indices',
    () => CoordinateMap.fromCoordinates([2 ** 15, 1], 1),
    'CoordinateMap: batch indices must lie in [0, 32768), got [32768, 1] in row 0',
  ],
  [
    'a batch size below the indices',
    () => CoordinateMap.fromCoordinates([0, 1, 2, 1], 1, { batchSize: 2 }),
    'CoordinateMap: batchSize must be at least 3 (1 + the largest batch index), got 2',
  ],
  [
    'a batch size of 0',
    () => CoordinateMap.fromCoordinates([], 1, { batchSize: 0 }),
    'CoordinateMap: batchSize must be an integer from 1 to 32768, got 0',
  ],
  [
    'coordinates outside the grid',
    () => CoordinateMap.fromCoordinates([0, 1, 3, 0, 1, 4], 2, { spatialShape: [4, 4] }),
    'CoordinateMap: coordinates must lie inside spatialShape [4, 4], got [0, 1, 4] in row 1',
  ],
  [
    'negative coordinates in a grid',
    () => CoordinateMap.fromCoordinates([0, -1, 3], 2, { spatialShape: [4, 4] }),
    'CoordinateMap: coordinates must lie inside spatialShape [4, 4], got [0, -1, 3] in row 0',
  ],
  ['a rank of 5', () => CoordinateMap.fromCoordinates([], 5), 'CoordinateMap: rank must be 1 to 4, got 5'],
  [
    'rows of another rank',
    () =>
      CoordinateMap.fromCoordinates(
        [
          [0, 1, 1],
          [0, 1],
        ],
        2,
      ),
    'CoordinateMap: coordinates must have 3 numbers per row (batch index and 2 axes), got [0, 1] in row 1',
  ],
  [
    'flat coordinates of another rank',
    () => CoordinateMap.fromCoordinates([0, 1, 1, 0], 2),
    'CoordinateMap: flat coordinates must have 3 numbers per row (batch index and 2 axes), got 4 numbers',
  ],
  [
    'repeated rows of another rank',
    () => CoordinateMap.fromRows(Int32Array.of(0, 1), 2),
    'CoordinateMap: flat coordinates must have 3 numbers per row (batch index and 2 axes), got 2 numbers',
  ],
  [
    'a grid of another rank',
    () => CoordinateMap.fromCoordinates([], 2, { spatialShape: [4] }),
    'CoordinateMap: spatialShape must have 2 positive integers (one per axis), got [4]',
  ],
  [
    'a stride of 0',
    () => CoordinateMap.fromCoordinates([], 2, { stride: [1, 0] }),
    'CoordinateMap: stride must have 2 positive integers (one per axis), got [1, 0]',
  ],
  [
    'NaN positions',
    () => points([0, 0, 0, 1, nan, 2]),
    'CoordinateMap: point positions must be finite, got [1, NaN, 2] in point 1',
  ],
  [
    'infinite positions',
    () => points([0, 0, -Infinity]),
    'CoordinateMap: point positions must be finite, got [0, 0, -Infinity] in point 0',
  ],
  [
    'points too far away',
    () => points([0, 0, 0, 0, 3e6, 0]),
    'CoordinateMap: coordinates must lie in [-1048576, 1048576), got [0, 0, 3000000, 0] in row 1',
  ],
  [
    'points outside the grid',
    () => points([0, 0, 0, 0, 4.5, 0], { spatialShape: [4, 4, 4] }),
    'CoordinateMap: coordinates must lie inside spatialShape [4, 4, 4], got [0, 0, 4, 0] in row 1',
  ],
  [
    'a voxel size of 0',
    () => points([0, 0, 0], { voxelSize: 0 }),
    'CoordinateMap: voxelSize must be positive and finite, one for all axes or one for each of 3, got 0',
  ],
  [
    'an infinite origin',
    () => points([0, 0, 0], { origin: [0, Infinity, 0] }),
    'CoordinateMap: origin must have 3 finite numbers (one per axis), got [0, Infinity, 0]',
  ],
  [
    'a point stride that does not divide',
    () => points([0, 0, 0], { pointStride: 4 }),
    'CoordinateMap: pointStride must be at least 3 (the rank) and divide the 3 floats of points, got 4',
  ],
  [
    'batch indices of another length',
    () => points([0, 0, 0], { batchIndices: Int32Array.of(0, 0) }),
    'CoordinateMap: batchIndices must have one entry for each of the 1 points, got 2',
  ],
];

describe('CoordinateMap refuses', () => {
  for (const [name, attempt, message] of refused) {
    it(name, () => expect(attempt).toThrowError(RangeError, message));
  }

  it('the same points without WebAssembly SIMD', () => {
    spyOn(WebAssembly, 'validate').and.returnValue(false);
    for (const [name, attempt, message] of refused) expect(attempt).withContext(name).toThrowError(RangeError, message);
  });

  const bytes = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
  const noPoints: Record<string, [unknown, string]> = {
    'bytes of a file as coordinates': [bytes, 'numbers, got bytes (Uint8Array)'],
    'clamped bytes as coordinates': [Uint8ClampedArray.from(bytes), 'numbers, got bytes (Uint8ClampedArray)'],
    'signed bytes as coordinates': [Int8Array.from(bytes), 'numbers, got bytes (Int8Array)'],
    'a view of bytes as coordinates': [new DataView(bytes.buffer), 'numbers, got bytes (DataView)'],
    'a buffer as coordinates': [bytes.buffer, 'numbers, got bytes (ArrayBuffer)'],
    'nothing as coordinates': [undefined, 'numbers, got undefined'],
    'rows as flat points': [[[1, 2, 3]], 'an array or typed array of numbers, got an array of object'],
  };
  for (const [name, [given, message]] of Object.entries(noPoints)) {
    it(name, () => {
      const attempt = () => CoordinateMap.fromPoints(given as number[], 3, { voxelSize: 1 });
      expect(attempt).toThrowError(TypeError, `CoordinateMap: points must be ${message}`);
    });
  }
});
