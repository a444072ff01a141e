import { shapesIn, typedLabels } from './options.js';

describe('--shape', () => {
  it('takes classes as they are called and as they are easily typed', () => {
    const seeds = shapesIn({ shape: ['torus:3', 'Möbius strip:0', 'mobius-strip:7'] });
    expect(seeds).toEqual([
      { label: 'torus', seed: 3 },
      { label: 'Möbius strip', seed: 0 },
      { label: 'Möbius strip', seed: 7 },
    ]);
    expect(shapesIn({})).toEqual([]);
    expect(shapesIn({ shape: typedLabels.map((label) => `${label}:1`) }).length).toBe(16);
  });

  it('says what it takes', () => {
    expect(() => shapesIn({ shape: ['ring:3'] })).toThrowError(
      RangeError,
      /^start: --shape must begin with sphere, box, .*, trefoil-knot, .*, got ring:3$/,
    );
    expect(() => shapesIn({ shape: ['torus'] })).toThrowError(
      RangeError,
      'start: --shape torus: its seed must be 0 to 2147483647, got nothing',
    );
  });
});
