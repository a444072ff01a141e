import { violation } from './errors.js';

describe('violation', () => {
  it('shows every value, an empty text too', () => {
    const got = (value: unknown) => violation('op', 'x must hold', value);
    expect(got('')).toBe("op: x must hold, got ''");
    expect(got('a')).toBe('op: x must hold, got a');
    expect(got([1, 2])).toBe('op: x must hold, got [1, 2]');
    expect(got(Float32Array.of(0.5))).toBe('op: x must hold, got [0.5]');
    expect(got(undefined)).toBe('op: x must hold, got undefined');
  });
});
