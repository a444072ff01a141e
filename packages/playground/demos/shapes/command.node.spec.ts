import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeCli } from '../../src/command/cli-fixture.node.spec.js';

describe('npm start -- --shape', () => {
  const { start, write, folder } = describeCli();

  it('names drawn shapes and those of files by both networks, as rows and as a CSV', async () => {
    const xyz = await write('corner.xyz', 'x,y,z\n0,0,0\n1,0,0\n0,1,0\n0,0,1\n');
    const output = join(folder(), 'shapes');
    const asked = ['--demo', 'shapes', '--shape', 'torus:3', '--input', xyz, '--output', output];
    const { code, output: printed, errors } = await start('--json', ...asked);
    expect([code, errors]).toEqual([0, '']);
    const rows = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ file, trueClass }) => [file, trueClass])).toEqual([
      ['torus 3', 'torus'],
      ['corner.xyz', null],
    ]);
    expect(rows[1].points).toBe(4);
    for (const { cells, transformer, convolution } of rows) {
      expect(cells).toBeGreaterThan(0);
      for (const { probability, ms } of [transformer, convolution]) {
        expect(probability).toBeGreaterThan(1 / 16 - 1e-6);
        expect(ms).toBeGreaterThan(0);
      }
    }
    const lines = (await readFile(join(output, 'shapes.csv'), 'utf8')).trim().split('\r\n');
    expect(lines[0]).toMatch(/^file,index,points,cells,trueClass,transformer,P\(transformer\),ms\(transformer\),conv/);
    expect(lines.length).toBe(3);
  });

  it('prints a table, and how many of the drawn shapes are named rightly', async () => {
    const { output } = await start('--demo', 'shapes', '--shape', 'torus:3', '--output', join(folder(), 'table'));
    const [header, row, footer] = output.split('\n');
    expect(header).toMatch(/^shape +true class +transformer +ms +sparse CNN +ms +cells$/);
    expect(row).toMatch(/^torus 3 +torus +\S.* %.* % +\d+\.\d\d +\d+$/);
    expect(footer).toMatch(/^Of 1 drawn shape the transformer names [01] rightly, the sparse CNN [01]\.$/);
  });

  it('says in rows and in the table that a .bin file was read with other columns than it seems to have', async () => {
    const angles = Array.from({ length: 210 }, (_, i) => 0.1 * i); // 3 and 4 divide their numbers
    const values = angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle), angle / 20, 100 + (angle % 1)]);
    const bin = await write('helix.bin', new Uint8Array(Float32Array.from(values).buffer));
    const asked = ['--demo', 'shapes', '--input', bin];
    const hint = 'Read as 3 numbers a point, though its columns look like 4.';
    expect(JSON.parse((await start('--json', ...asked, '--columns', '3')).output).hint).toBe(hint);
    expect(JSON.parse((await start('--json', ...asked)).output).assumedColumns).toBe(4);
    const table = await start(...asked, '--columns', '3', '--output', join(folder(), 'helix'));
    expect(table.output).toContain(hint);
  });

  it('says which classes there are', async () => {
    const { code, errors } = await start('--json', '--shape', 'ring:3');
    expect([code, errors]).toEqual([
      1,
      jasmine.stringMatching(/^start: --shape must begin with sphere, .*got ring:3\n$/),
    ]);
  });
});
