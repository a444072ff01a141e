import { sampleInputs } from './sample-inputs.js';

const sample = { seed: 1, openLength: 5, sites: 300, grid: '20' };

describe('sampleInputs', () => {
  it('fills open axes, and gives the same values for the same seed', () => {
    const inputs = [
      { name: 'x', dtype: 'float32', shape: [null, 3, null] },
      { name: 'ids', dtype: 'int32', shape: [null, 4] },
    ];
    const made = sampleInputs(inputs, sample);
    expect([...made].map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual([
      ['x', 'F32', [1, 3, 5]],
      ['ids', 'I32', [1, 4]],
    ]);
    expect(sampleInputs(inputs, sample)).toEqual(made);
    expect(sampleInputs(inputs, { ...sample, seed: 2 })).not.toEqual(made);
  });

  it('draws different sites within the grid', () => {
    const inputs = [
      { name: 'features', dtype: 'float32', shape: [null, 6] },
      { name: 'coords', dtype: 'int32', shape: [null, 4] },
    ];
    for (const [grid, fewest, cells] of [
      ['20', 100, [20, 20, 20]],
      ['5, 6 2', 30, [5, 6, 2]],
      ['1', 1, [1, 1, 1]],
    ] as const) {
      const made = sampleInputs(inputs, { ...sample, grid });
      const coords = made.get('coords')!;
      const rows = Array.from({ length: coords.shape[0] }, (_, row) => [...coords.values].slice(4 * row, 4 * row + 4));
      expect(rows.length).toBeGreaterThanOrEqual(fewest);
      expect(new Set(rows.map((row) => row.join())).size).toBe(rows.length);
      const areInside = rows.every(([, ...site]) => site.every((place, axis) => Number(place) >= 0 && Number(place) < cells[axis])); // prettier-ignore
      expect(areInside).toBe(true);
      expect(made.get('features')!.shape).toEqual([rows.length, 6]);
    }
  });

  it('refuses a grid of other axes', () => {
    const inputs = [{ name: 'coords', dtype: 'int32', shape: [null, 4] }];
    const rule = 'cells on the axes must be 3 whole numbers from 1 to 1048576, or one for all';
    for (const grid of ['5, 6', '0', '2.5', 'x', ''])
      expect(() => sampleInputs(inputs, { ...sample, grid })).toThrowError(
        RangeError,
        `${rule}, got ${grid || 'none'}`,
      );
  });

  it('asks for inputs where the model does not say their shape', () => {
    expect(() => sampleInputs([{ name: 'x', dtype: 'float32', shape: null }], sample)).toThrowError(
      RangeError,
      'x must have a known shape, got none (give inputs of your own)',
    );
  });
});
