import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { readNpy } from '../clouds/files/npy.js';
import { readCloud } from '../clouds/files/read-cloud.js';
import { describeCli } from './cli-fixture.node.spec.js';

describe('npm start -- --output', () => {
  const { run, start, write, folder, inputsOf } = describeCli();

  it('writes results as files', async () => {
    const floats = Float32Array.of(1, 2, 3, 0, NaN, 0, 0, 0, 4, 5, -1, 0);
    const bin = await write('three.bin', new Uint8Array(floats.buffer));
    const output = join(folder(), 'labels');
    const { code, errors } = await start('--json', '--input', bin, '--output', output);
    expect([code, errors]).toEqual([0, '']);
    const read = await readFile(join(output, 'three.label'));
    expect([read.length, read.readUInt32LE(4)]).toEqual([12, 0]); // the second point is no number
    expect([40, 50, 10, 30, 80, 70]).toContain(read.readUInt32LE(0));
    const arrays = unzipSync(new Uint8Array(await readFile(join(output, 'three.npz'))));
    expect([...readNpy(arrays['points.npy'] as Uint8Array<ArrayBuffer>)]).toEqual([1, 2, 3, 4, 5, -1]);
    expect((await readCloud(new Uint8Array(await readFile(join(output, 'three.ply'))), 'three.ply')).points).toEqual(
      Float32Array.of(1, 2, 3, 4, 5, -1),
    );
    await run('--json', '--demo', 'wafers', '--output', output);
    const lines = (await readFile(join(output, 'wafers.csv'), 'utf8')).trim().split('\r\n');
    expect(lines.length).toBe(19);
    expect(lines[0]).toMatch(/^file,index,class,probability,novelty,threshold,isNovel,P\(Center\),/);
  });

  it('writes what was asked for, without samples, into a folder only', async () => {
    const bin = await write('asked.bin', new Uint8Array(Float32Array.of(1, 2, 3, 0).buffer));
    const output = join(folder(), 'asked');
    const { code, output: printed } = await start('--input', bin, '--output', output);
    expect(code).toBe(0);
    expect(printed).not.toContain('simulated');
    expect((await readdir(output)).sort()).toEqual(['asked.label', 'asked.npz', 'asked.ply']);
    const refused = await start('--input', bin, '--output', bin);
    expect([refused.code, refused.errors.trim()]).toEqual([1, `start: --output must be a folder, got the file ${bin}`]);
  });

  it('keeps results of files apart whose names are alike', async () => {
    const point = new Uint8Array(Float32Array.of(1, 2, 3, 0).buffer);
    const [first, second] = [join(folder(), 's0'), join(folder(), 's1')];
    await Promise.all([first, second].map((path) => mkdir(path)));
    const map = Array(64).fill(Array(64).fill(1).join(',')).join('\n');
    const paths = [
      ...(await Promise.all(['s0/a.bin', 's1/a.bin', '東京.bin'].map((name) => write(name, point)))),
      ...(await Promise.all(['s0/m.csv', 's1/m.csv'].map((name) => write(name, map)))),
    ];
    const output = join(folder(), 'apart');
    const { code, output: printed } = await run(...inputsOf(paths), '--json', '--output', output);
    const files = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).file);
    expect([code, files]).toEqual([0, ['s0/m.csv', 's1/m.csv', 's0/a.bin', 's1/a.bin', '東京.bin']]);
    const labels = (await readdir(output)).filter((name) => name.endsWith('.label'));
    expect(labels.sort()).toEqual(['s0-a.label', 's1-a.label', '東京.label']);
    const rows = (await readFile(join(output, 'wafers.csv'), 'utf8')).trim().split('\r\n').slice(1);
    expect(rows.map((row) => row.split(',')[0])).toEqual(['s0/m.csv', 's1/m.csv']);
  });

  it('writes no result over an input', async () => {
    const ply =
      'ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nend_header\n1 2 3\n';
    const path = await write('kept.ply', ply);
    const { code, errors } = await start('--json', '--input', path, '--output', folder());
    expect([code, await readFile(path, 'utf8')]).toEqual([1, ply]);
    expect(errors.trim()).toBe(
      `start: --output must be a folder that takes kept.ply, got ${path} (an input, which stays as it is)`,
    );
    expect(await readdir(folder())).toContain('kept.label');
  });
});
