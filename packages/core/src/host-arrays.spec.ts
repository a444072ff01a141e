import { float32Array, int32Array, requireOptions } from './host-arrays.js';

describe('int32Array and float32Array', () => {
  const whole = (values: unknown) => int32Array('op', 'ids', values as ArrayLike<number>);

  it('take any array of numbers by value', () => {
    const expected = Int32Array.of(0, 2, 1);
    for (const kind of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Uint32Array, Float32Array]) {
      expect(whole(kind.from([0, 2, 1]))).toEqual(expected);
    }
    expect(whole(Float64Array.of(0, 2, 1))).toEqual(expected);
    expect(whole([0, 2, 1])).toEqual(expected);
    expect(whole([])).toEqual(new Int32Array(0));
    expect(whole(expected)).toBe(expected);
    const points = Float64Array.of(0.1, -3);
    expect(float32Array('op', 'points', points)).toEqual(Float32Array.from(points));
    expect(float32Array('op', 'points', [1, 2])).toEqual(Float32Array.of(1, 2));
  });

  it('refuse what would change on the way', () => {
    const range = (values: unknown, got: string) =>
      expect(() => whole(values)).toThrowError(RangeError, `op: ids must be integers of 32 bits, got ${got}`);
    range([0, 1.5], '1.5 at 1');
    range(Float32Array.of(0, 1, NaN), 'NaN at 2');
    range(Uint32Array.of(2 ** 31), '2147483648 at 0');
    range([-(2 ** 31) - 1], '-2147483649 at 0');
    const type = (values: unknown, got: string) =>
      expect(() => whole(values)).toThrowError(
        TypeError,
        `op: ids must be an array or typed array of numbers, got ${got}`,
      );
    type(BigInt64Array.of(1n), 'BigInt64Array');
    type(new DataView(new ArrayBuffer(8)), 'DataView');
    type(['1', 2], 'an array of string and number');
    type([[0, 1]], 'an array of object');
    type('12', 'string');
    type({ length: 1 }, 'Object');
    type(null, 'null');
    type([null, 1], 'an array of null and number');
    expect(() => float32Array('op', 'points', BigUint64Array.of(1n) as never)).toThrowError(
      TypeError,
      'op: points must be an array or typed array of numbers, got BigUint64Array',
    );
  });
});

describe('requireOptions', () => {
  it('refuses a name that is none of those of the options, and what is no object', () => {
    expect(() => requireOptions('op', { seed: undefined }, ['seed', 'length'])).not.toThrow();
    expect(() => requireOptions('op', { sed: 1 }, ['seed', 'length'])).toThrowError(
      TypeError,
      'op: options must be of seed, length, got sed',
    );
    expect(() => requireOptions('op', null, [])).toThrowError(TypeError, 'op: options must be an object, got null');
  });
});
