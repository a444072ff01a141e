import { binLayout } from './bin-layout.js';
import { binOf, scanRows } from './scan-rows-fixture.spec.js';

describe('binLayout', () => {
  const rows = scanRows(5040).map((row) => row.slice(0, 4));

  it('has no hint where the columns look like the number', () => {
    const plain = { columns: 4, first: 0, hint: null } as const;
    expect(binLayout(binOf(rows), 'a.bin', undefined)).toEqual({ ...plain, isGuessed: true });
    expect(binLayout(binOf(rows), 'a.bin', 4)).toEqual({ ...plain, isGuessed: false });
  });

  it('says so where another number is asked for', () => {
    for (const asked of [3, 5, 6, 8])
      expect(binLayout(binOf(rows), 'a.bin', asked).hint).toBe(
        `Read as ${asked} numbers a point, though its columns look like 4.`,
      );
  });

  it('leaves a batch index out', () => {
    for (const batchOf of [() => 0, (i: number) => Math.floor(i / 2000)]) {
      const { columns, first, hint } = binLayout(binOf(rows.map((row, i) => [batchOf(i), ...row])), 'a.bin', undefined);
      expect([columns, first]).toEqual([5, 1]);
      expect(hint).toBe('Its first column looks like a batch index and is left out.');
    }
  });

  it('goes by the name where the columns do not tell, and says that it is a guess', () => {
    const zeros = new Uint8Array(4 * 120);
    expect(binLayout(zeros, 'a.pcd.bin', undefined).columns).toBe(5);
    expect(binLayout(zeros, 'a_xyz.bin', undefined).columns).toBe(3);
    expect(binLayout(zeros, 'a.bin', undefined).hint).toMatch(/^Read as 4 numbers a point, a guess: its columns look/);
    expect(binLayout(new Uint8Array(4 * 14), 'a.bin', undefined).columns).toBe(7);
    expect(binLayout(zeros, 'a.bin', 4).hint).toBeNull();
    const doubles = new Uint8Array(Float64Array.from(rows.flatMap((row) => row.slice(0, 3))).buffer);
    expect(binLayout(doubles, 'a.bin', undefined).hint).toMatch(/its columns fit [\d, ]+ alike/);
  });
});
