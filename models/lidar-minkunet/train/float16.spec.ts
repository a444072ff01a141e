import { fromFloat16, toFloat16 } from './float16.js';

describe('float16', () => {
  it('keeps every finite half-precision number', () => {
    const halves = Uint16Array.from({ length: 2 ** 16 }, (_, half) => half).filter((half) => (half & 0x7c00) < 0x7c00);
    expect(toFloat16(fromFloat16(halves)).every((half, i) => half === halves[i])).toBeTrue();
  });

  it('rounds to nearest, ties to even', () => {
    const values = Float32Array.of(
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
      1 + 2 ** -11 + 2 ** -20,
      -(2 ** -25),
      3 * 2 ** -25,
      65520,
    );
    expect([...fromFloat16(toFloat16(values))]).toEqual([1, 1 + 2 ** -9, 1 + 2 ** -10, -0, 2 ** -23, Infinity]);
  });
});
