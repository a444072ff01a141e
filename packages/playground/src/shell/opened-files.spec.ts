import type { OptionValues } from '../demo.js';
import { OpenedFiles, type SourceFile } from './opened-files.js';

describe('OpenedFiles', () => {
  const file = (name: string, options: OptionValues = {}): SourceFile => ({
    name,
    contents: async () => Uint8Array.of(name.length),
    options,
  });
  const read = async (name: string, contents: Uint8Array, { columns, origin }: OptionValues) => {
    if (columns?.[0] === '7') throw new RangeError('columns must divide it, got 7');
    return [`${name} ${contents[0]} ${columns?.[0] ?? 'guessed'} ${origin?.[0] ?? 0}`];
  };

  it('reads those again that are meant, as the page and then their own options say', async () => {
    const opened = new OpenedFiles(read);
    expect(await opened.open(file('a.bin'), { columns: ['4'] })).toEqual(['a.bin 5 4 0']);
    await opened.open(file('of-start.bin', { columns: ['3'], origin: ['9'] }), {});
    await opened.open(file('a.pcd'), {});
    const [taken, problems]: [string[], string[]] = [[], []];
    const again = (options: OptionValues) =>
      opened.readAgain(
        (name) => name.endsWith('.bin'),
        options,
        async ([before], [now]) => void taken.push(`${before} -> ${now}`),
        (problem) => problems.push(problem),
      );
    await again({ columns: ['5'] });
    expect(taken.splice(0)).toEqual(['a.bin 5 4 0 -> a.bin 5 5 0', 'of-start.bin 12 3 9 -> of-start.bin 12 5 9']);
    await again({ columns: ['7'] });
    expect([taken, problems]).toEqual([
      [],
      ['a.bin: columns must divide it, got 7', 'of-start.bin: columns must divide it, got 7'],
    ]);
    await again({});
    expect(taken).toEqual(['a.bin 5 5 0 -> a.bin 5 guessed 0', 'of-start.bin 12 5 9 -> of-start.bin 12 3 9']);
  });
});
