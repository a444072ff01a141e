import { float16Bits, float16Value } from './float16.js';

describe('float16', () => {
  it('gives every number back that 16 bits can hold', () => {
    for (let bits = 0; bits < 2 ** 16; bits++) {
      const value = float16Value(bits);
      if (Number.isNaN(value)) expect(Number.isNaN(float16Value(float16Bits(value)))).toBeTrue();
      else if (float16Bits(value) !== bits) fail(`${bits} came back as ${float16Bits(value)}`);
    }
    expect([0x3c00, 0xc000, 0x7bff, 0x0001].map(float16Value)).toEqual([1, -2, 65504, 2 ** -24]);
  });
});
