import { openEach } from './open-each.js';

describe('openEach', () => {
  it('names every file that fails and opens the others', async () => {
    const files = ['bad.csv', 'good.csv', 'worse.csv', 'last.csv'].map((name) => new File([], name));
    const [opened, problems]: [string[], string[]] = [[], []];
    const open = async ({ name }: File) => {
      if (name === 'bad.csv') throw new RangeError('there must be a map, got none');
      if (name === 'worse.csv') throw new RangeError('cells must be 0, 1 or 2, got 3');
      opened.push(name);
    };
    await openEach(files, open, (problem) => problems.push(problem));
    expect(opened).toEqual(['good.csv', 'last.csv']);
    expect(problems).toEqual(['bad.csv: there must be a map, got none', 'worse.csv: cells must be 0, 1 or 2, got 3']);
  });
});
