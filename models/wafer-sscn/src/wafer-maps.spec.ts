import { requireMaps } from './wafer-maps.js';

describe('requireMaps', () => {
  const square = (side: number) => new Uint8Array(side * side);
  const rows = (height: number, width: number) => Array.from({ length: height }, () => new Uint8Array(width));

  it('takes any number of flat maps, of maps as rows and with their sizes', () => {
    for (const count of [0, 1, 3, 64, 2704]) {
      const maps = [square(52), rows(40, 45), { height: 2, width: 2, values: [0, 1, 1, 0] }];
      for (const map of maps)
        expect(() =>
          requireMaps(
            'op',
            Array.from({ length: count }, () => map),
          ),
        ).not.toThrow();
    }
    expect(() => requireMaps('op', [square(2), square(2), square(2), square(2)])).not.toThrow();
  });
});
