import { fileNames } from './file-names.js';

describe('fileNames', () => {
  it('are names alone where those differ', () => {
    expect(fileNames(['s0/a.bin', '/x/b.bin'])).toEqual(['a.bin', 'b.bin']);
  });

  it('have the folders that tell files of one name apart', () => {
    expect(fileNames(['s0/a.bin', 's1/a.bin', 'c.bin'])).toEqual(['s0/a.bin', 's1/a.bin', 'c.bin']);
    expect(fileNames(['/s0/v/a.bin', '/s1/v/a.bin', '/a.bin'])).toEqual(['s0/v/a.bin', 's1/v/a.bin', '/a.bin']);
  });

  it('are one where a file is given twice', () => {
    expect(fileNames(['a.bin', './a.bin'])).toEqual(['a.bin', 'a.bin']);
  });
});
