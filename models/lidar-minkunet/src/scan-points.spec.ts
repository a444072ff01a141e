import { scanPoints } from './scan-points.js';
import { segmentScan } from './scan-segmenter.js';
import { simulateScan } from './simulator/simulate-scan.js';

describe('scanPoints', () => {
  const { points } = simulateScan(7);
  const count = 12_000; // 3, 4 and 5 divide its numbers, whatever their columns
  const street = points.subarray(0, 3 * count);
  const withEcho = (columns: number) =>
    Float32Array.from({ length: columns * count }, (_, i) => {
      const [point, column] = [Math.floor(i / columns), i % columns];
      return column < 3 ? street[3 * point + column] : column === 3 ? (point % 100) / 100 : point % 64;
    });
  const read = (given: unknown, columns?: number) => scanPoints('segmentScan', given as number[], { columns });

  it('reads flat x, y, z without a hint', () => {
    expect(read(street)).toEqual({ positions: street, hint: null });
    for (const seed of [1, 2, 3]) {
      const whole = simulateScan(seed).points;
      expect(read(whole.subarray(0, whole.length - (whole.length % 60))).hint).toBeNull();
    }
  });

  for (const columns of [4, 5]) {
    it(`says so where flat points look like ${columns} columns, and reads them when told`, () => {
      const flat = withEcho(columns);
      expect(read(flat).hint).toBe(
        `Read as 3 numbers a point, though the columns look like ${columns}: { columns: ${columns} } reads them so.`,
      );
      const { positions, hint } = read(flat, columns);
      expect([Float32Array.from(positions), hint]).toEqual([Float32Array.from(street), null]);
    });
  }

  it('reads rows of three numbers or more, also of typed arrays', () => {
    const rows = [0, 1].map((point) => [...street.subarray(3 * point, 3 * point + 3)]);
    for (const given of [rows, rows.map((row) => Float32Array.from(row)), rows.map((row) => [...row, 0.5])])
      expect([...Array.from(read(given).positions)]).toEqual(rows.flat());
    expect(read([]).positions.length).toBe(0);
  });

  it('asks for the unit where most points are as far as in no scan in metres', () => {
    const question = 'Most points are more than 200 m from the sensor: are they in millimetres?';
    const near = street.filter((_, i) => {
      const at = i - (i % 3);
      return Math.hypot(street[at], street[at + 1], street[at + 2]) < 9;
    });
    expect(near.length).toBeGreaterThan(3000);
    expect([read(near).hint, read(near.map((metres) => 1000 * metres)).hint]).toEqual([null, question]);
    const nearWithEcho = Float32Array.from({ length: (near.length / 3) * 4 }, (_, i) =>
      i % 4 < 3 ? 1000 * near[3 * Math.floor(i / 4) + (i % 4)] : (i % 400) / 400,
    );
    expect(read(nearWithEcho, 4).hint).toBe(question);
    expect(read(nearWithEcho.subarray(0, nearWithEcho.length - (nearWithEcho.length % 12))).hint).toMatch(
      /^Read as 3 .* reads them so\. Most /,
    );
  });

  const odd = withEcho(4).subarray(0, 4 * 11_999); // no whole number of threes
  const what = 'points must be numbers of x, y, z in metres, got';
  const mistakes: Record<string, [typeof RangeError | typeof TypeError, unknown, number | undefined, string]> = {
    'bytes of a file': [TypeError, new Uint8Array(16), undefined, `${what} bytes (Uint8Array)`],
    'bytes of a file, with columns': [TypeError, new Uint8Array(16), 4, `${what} bytes (Uint8Array)`],
    'rows of bytes': [TypeError, [new Uint8Array(3)], undefined, `${what} bytes (Uint8Array)`],
    'a buffer': [TypeError, new ArrayBuffer(16), undefined, `${what} bytes (ArrayBuffer)`],
    'no points': [TypeError, undefined, undefined, `${what} undefined`],
    'an object': [TypeError, { points: [] }, undefined, `${what} Object`],
    texts: [TypeError, [['1', '2', '3']], undefined, 'points must be an array or typed array of numbers, got an array of string'],
    'half a point': [RangeError, [1, 2, 3, 4], undefined, 'points must have 3 numbers each (the option columns says otherwise), got 4 numbers'],
    'four columns that three do not divide': [RangeError, odd, undefined, `points must have 3 numbers each (they look like 4: { columns: 4 }), got ${odd.length} numbers`],
    'other columns': [RangeError, [1, 2, 3], 4, 'points must have 4 numbers each (the option columns says otherwise), got 3 numbers'],
    'two columns': [RangeError, [1, 2], 2, 'columns must be an integer from 3 to 16, got 2'],
    'rows of two': [RangeError, [[1, 2]], undefined, 'points must have x, y and z in every row, got 2'],
    'transposed rows': [RangeError, [0, 1, 2].map(() => new Float32Array(5000)), undefined, 'points must have 3 to 16 columns (they may be transposed: one row a point), got 5000'],
    'ragged rows': [RangeError, [[1, 2, 3], [1, 2]], undefined, 'points must have 3 columns in every row, got 2'],
    'a scan in millimetres': [RangeError, [1, 2, 3, 40_500, 0, 0], undefined, 'coordinates must be within 10000 m of the sensor (are they in millimetres?), got 40500 in point 1'],
    'points without an echo': [RangeError, [1, 2, 3, NaN, 0, 0], undefined, 'points must be finite (leave out those without an echo), got [NaN, 0, 0] in point 1'],
  }; // prettier-ignore

  for (const [name, [type, given, columns, message]] of Object.entries(mistakes)) {
    it(`refuses ${name}, before a pack is opened`, () =>
      expectAsync(segmentScan(given as number[], { columns, source: 'http://nowhere.invalid/' })).toBeRejectedWithError(
        type,
        `segmentScan: ${message}`,
      ));
  }
});
