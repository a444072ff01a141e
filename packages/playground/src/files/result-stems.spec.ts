import { resultStems } from './result-stems.js';

describe('resultStems', () => {
  const stems = (...names: string[]) => resultStems(names, (name) => name.replace(/\.[a-z]+$/i, ''));

  it('keeps letters of every alphabet and replaces what file systems refuse', () => {
    expect(stems('東京.bin', '大阪.bin', 'my scan.bin')).toEqual(['東京', '大阪', 'my scan']);
    expect(stems('a:b?.bin', 'con.bin', '?.bin', 'end. .bin')).toEqual(['a-b-', 'con-', '-', 'end']);
  });

  it('keeps folders and endings that tell files apart', () => {
    expect(stems('s0/000000.bin', 's1/000000.bin')).toEqual(['s0-000000', 's1-000000']);
    expect(stems('a.pcd', 'a.ply', 'b.ply')).toEqual(['a.pcd', 'a.ply', 'b']);
  });

  it('numbers the rest, also where only case or composition differ', () => {
    expect(stems('a.bin', 'a.bin', 'A.bin', 'a-2.bin')).toEqual(['a', 'a-2', 'A-3', 'a-2-2']);
    expect(stems('\u00e9.bin', 'e\u0301.bin')).toEqual(['\u00e9', 'e\u0301-2']);
  });

  it('shortens names that are too long for another ending', () => {
    const [first, second] = stems(`${'東'.repeat(84)}.bin`, `${'東'.repeat(83)}x.bin`);
    expect(new TextEncoder().encode(first).length).toBeLessThan(240);
    expect(second).not.toBe(first);
  });
});
