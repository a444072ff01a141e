import { derivedKey } from '../op/derived-values.js';
import { deviceCopy } from '../op/tables.js';
import { CompressedRows } from './compressed-rows.js';

const tables = ({ starts, columns, order }: CompressedRows) => [[...starts], [...columns], order && [...order]];

describe('CompressedRows', () => {
  it('of an index have starts and columns, and the rows of each column', () => {
    const rows = CompressedRows.fromIndex(Int32Array.of(1, -1, 0, 1), 3);
    expect(tables(rows)).toEqual([[0, 1, 1, 2, 3], [1, 0, 1], undefined]);
    expect(tables(rows.transposed)).toEqual([
      [0, 1, 3, 3],
      [2, 0, 3],
      [1, 0, 2],
    ]);
    expect(rows.transposed.transposed).toBe(rows);
    expect([...rows.rows]).toEqual([0, 2, 3]);
    expect([...rows.entriesByColumn]).toEqual([1, 0, 2]);
  });

  it('take the rows of each column where they are known, and find the same places', () => {
    const byColumn = { starts: Int32Array.of(0, 1, 3, 3), order: Int32Array.of(2, 0, 3) };
    const known = CompressedRows.fromIndex(Int32Array.of(1, -1, 0, 1), 3, byColumn).transposed;
    expect(known.columns).toBe(byColumn.order);
    expect(tables(known)).toEqual(tables(CompressedRows.fromIndex(Int32Array.of(1, -1, 0, 1), 3).transposed));
    const full = { starts: Int32Array.of(0, 1, 2), order: Int32Array.of(1, 0) };
    expect(CompressedRows.fromIndex(Int32Array.of(1, 0), 2, full).transposed.order).toBe(full.order);
  });

  it('sort entries by row, then column, and keep the order of equal ones', () => {
    const rows = CompressedRows.sorted([1, 0, 1, 1], [2, 1, 0, 2], [2, 3]);
    expect(tables(rows)).toEqual([
      [0, 1, 4],
      [1, 0, 2, 2],
      [1, 2, 0, 3],
    ]);
    expect(tables(rows.transposed)).toEqual([
      [0, 1, 2, 4],
      [1, 0, 1, 1],
      [2, 1, 0, 3],
    ]);
  });

  it('carry weights to their transpose, and make weighted forms once', () => {
    const rows = CompressedRows.from([2, 2], Int32Array.of(0, 2, 3), Int32Array.of(0, 1, 0));
    const means = rows.weighted('mean', (entries) => 1 / entries);
    expect([...means.weights!]).toEqual([0.5, 0.5, 1]);
    expect([...means.transposed.weights!]).toEqual([0.5, 1, 0.5]);
    expect(rows.weighted('mean', () => 7)).toBe(means);
    expect(rows.weights).toBeUndefined();
  });

  it('free the device copies of all that was made from them and from their transpose, once', () => {
    const rows = CompressedRows.from([2, 2], Int32Array.of(0, 2, 3), Int32Array.of(0, 1, 0));
    const lengths = derivedKey<Int32Array>();
    const lengthsOf = (each: CompressedRows): Int32Array =>
      each.derived(lengths, (own) => own(each.starts.subarray(1).map((end, row) => end - each.starts[row])));
    const made = [
      rows.starts,
      rows.transposed.columns,
      rows.entriesByColumn,
      rows.weighted('mean', (entries) => 1 / entries).weightBits!,
      lengthsOf(rows),
      lengthsOf(rows.transposed),
    ];
    expect(lengthsOf(rows)).toBe(made[4]);
    let live = 0;
    for (const table of made) deviceCopy(table, made, () => ({ value: ++live, free: () => live-- }));
    expect(live).toBe(made.length);
    rows.dispose();
    rows.dispose();
    expect(live).toBe(0);
  });
});
