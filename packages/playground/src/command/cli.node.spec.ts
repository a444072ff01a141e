import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';
import { unzipSync } from 'fflate';
import { readNpy } from '../../demos/scans/files/npy.js';
import { readCloud } from '../../demos/scans/files/read-cloud.js';
import { demo as wafers } from '../../demos/wafers/demo.js';
import { writeUntrainedPack } from './untrained-pack.js';

const cli = fileURLToPath(new URL('cli.js', import.meta.url));

const ofAnotherKind = /^start: --sae-pack must be a pack of the kind of shakespeare-sae, got untrained$/;

describe('npm start', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playground-'));
    await writeUntrainedPack(join(folder, 'pack'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const run = (...args: string[]) => start('--pack', join(folder, 'pack'), ...args);
  const start = (...args: string[]) =>
    new Promise<{ code: number; output: string; errors: string }>((resolve) => {
      const child = execFile(process.execPath, [cli, ...args], (_, output, errors) =>
        resolve({ code: child.exitCode ?? -1, output, errors }),
      );
    });
  const write = async (name: string, contents: Uint8Array | string) => {
    await writeFile(join(folder, name), contents);
    return join(folder, name);
  };

  const inputsOf = (paths: readonly string[]) => paths.flatMap((path) => ['--input', path]);

  for (const backend of ['cpu', 'wasm']) {
    it(`prints one JSON row a sample on ${backend}`, async () => {
      const { code, output, errors } = await run('--json', '--backend', backend);
      expect([code, errors]).toEqual([0, '']);
      const rows = output
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(rows.length).toBe(18);
      rows.forEach((row, index) => {
        const keys = ['file', 'index', 'class', 'probability', 'novelty', 'threshold', 'isNovel', 'ms'];
        expect(Object.keys(row)).toEqual(keys);
        expect([row.file, row.index]).toEqual([wafers.samples(0)[index].name, 0]);
        expect(row.probability).toBeGreaterThan(1 / 9 - 1e-6);
      });
    });
  }

  it('names the class of every sample with the pretrained pack', async () => {
    const { output } = await start('--json');
    const found = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).class);
    expect(found).toEqual(wafers.samples(0).map(({ name }) => name.split(' ')[1]));
  });

  it('classifies the maps of files, also those without a failing die', async () => {
    const row = Array(64).fill(1).join(',');
    const csv = await write(
      'two.csv',
      `${Array(64).fill(row).join('\n')}\n\n${Array(64).fill(row.replace('1', '2')).join('\n')}`,
    );
    const png = await write(
      'one.png',
      encode({ width: 31, height: 26, data: new Uint8Array(806).fill(2), channels: 1 }),
    );
    const { code, output } = await run('--json', '--input', csv, '--input', png);
    const rows = output.trim().split('\n');
    const places = rows.map((line) => JSON.parse(line)).map(({ file, index }) => `${file} ${index}`);
    expect([code, places]).toEqual([0, ['two.csv 0', 'two.csv 1', 'one.png 0']]);
  });

  it('names the same drawn clothes with the sparse and the dense network', async () => {
    const { output } = await start('--json', '--demo', 'fashion');
    const rows = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ file, sparse }) => file.includes(sparse.class))).toEqual(rows.map(() => true));
    expect(rows.map(({ dense }) => dense.class)).toEqual(rows.map(({ sparse }) => sparse.class));
  });

  it('gives each file to the demo that it fits', async () => {
    const image = encode({ width: 28, height: 28, data: new Uint8Array(784).fill(9), channels: 1 });
    const { output } = await start('--json', '--input', await write('a.png', image));
    expect(Object.keys(JSON.parse(output))).toEqual(['file', 'index', 'sparse', 'dense']);
  });

  it('explains the options of every demo', async () => {
    const { output } = await start('--help');
    for (const text of ['--input FILE', '--scan SEED', '--lidar-pack FOLDER', '--pack FOLDER', 'models/wafer-sscn'])
      expect(output).toContain(text);
    expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('segments simulated scans and the scans of files', async () => {
    const bin = await write('few.bin', new Uint8Array(Float32Array.from({ length: 40 }, (_, i) => i / 4).buffer));
    const pcd = await write('one.pcd', 'FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nPOINTS 1\nDATA ascii\n1 2 3\n');
    const { code, output, errors } = await start('--json', '--scan', '7', '--input', bin, '--input', pcd);
    expect([code, errors]).toEqual([0, '']);
    const rows = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ file }) => file)).toEqual(['simulated street 7', 'few.bin', 'one.pcd']);
    expect(rows.map(({ points }) => points).slice(1)).toEqual([10, 1]);
    for (const { shares } of rows) {
      const sum = Object.values<number>(shares).reduce((total, share) => total + share, 0);
      expect(sum).toBeCloseTo(1, 2);
    }
    expect(rows[0].shares.ground).toBeGreaterThan(0.1);
  });

  it('writes results as files', async () => {
    const floats = Float32Array.of(1, 2, 3, 0, NaN, 0, 0, 0, 4, 5, -1, 0);
    const bin = await write('three.bin', new Uint8Array(floats.buffer));
    const output = join(folder, 'labels');
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
    const output = join(folder, 'asked');
    const { code, output: printed } = await start('--input', bin, '--output', output);
    expect(code).toBe(0);
    expect(printed).not.toContain('simulated');
    expect((await readdir(output)).sort()).toEqual(['asked.label', 'asked.npz', 'asked.ply']);
    const refused = await start('--input', bin, '--output', bin);
    expect([refused.code, refused.errors.trim()]).toEqual([1, `start: --output must be a folder, got the file ${bin}`]);
  });

  it('keeps results of files apart whose names are alike', async () => {
    const point = new Uint8Array(Float32Array.of(1, 2, 3, 0).buffer);
    const [first, second] = [join(folder, 's0'), join(folder, 's1')];
    await Promise.all([first, second].map((path) => mkdir(path)));
    const map = Array(64).fill(Array(64).fill(1).join(',')).join('\n');
    const paths = [
      ...(await Promise.all(['s0/a.bin', 's1/a.bin', '東京.bin'].map((name) => write(name, point)))),
      ...(await Promise.all(['s0/m.csv', 's1/m.csv'].map((name) => write(name, map)))),
    ];
    const output = join(folder, 'apart');
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
    const { code, errors } = await start('--json', '--input', path, '--output', folder);
    expect([code, await readFile(path, 'utf8')]).toEqual([1, ply]);
    expect(errors.trim()).toBe(
      `start: --output must be a folder that takes kept.ply, got ${path} (an input, which stays as it is)`,
    );
    expect(await readdir(folder)).toContain('kept.label');
  });

  for (const host of ['192.0.2.1', 'nope.invalid']) {
    it(`refuses ${host} as its address before anything runs`, async () => {
      const { code, output, errors } = await run('--host', host);
      const message = `start: --host must be an address of this machine (0.0.0.0 is all of them), got ${host}\n`;
      expect([code, output, errors]).toEqual([1, '', message]);
    });
  }

  it('names every file that it cannot read, runs the others and fails', async () => {
    const map = Array(64).fill(Array(64).fill(1).join(',')).join('\n');
    const [bad, good, worse] = [
      await write('bad.csv', 'hello'),
      await write('good.csv', map),
      await write('worse.bin', new Uint8Array(10)),
    ];
    const { code, output, errors } = await run('--json', ...inputsOf([bad, good, worse, 'nowhere.csv']));
    expect([code, JSON.parse(output).file]).toEqual([1, 'good.csv']);
    const lines = errors.trim().split('\n');
    expect(lines.length).toBe(3);
    [bad, worse, 'nowhere.csv'].forEach((path, i) => expect(lines[i]).toContain(path));
  });

  const refused: [string, () => Promise<string[]>, RegExp][] = [
    [
      'an empty file',
      async () => ['--input', await write('empty.txt', '')],
      /empty.txt: a file must not be empty, got 0 bytes$/,
    ],
    ['an empty text', async () => ['--text', ''], /^start: --text must have a character, got none$/],
    ['an option without contents', async () => ['--backend', ''], /^start: --backend must be .*, got nothing$/],
    [
      'a folder for results where none can be',
      async () => ['--output', '/proc/nope'],
      /^start: --output must be a folder that can be written, got \/proc\/nope \(.+\)$/,
    ],
    ['a pack of another kind', async () => ['--text', 'a', '--sae-pack', join(folder, 'pack')], ofAnotherKind],
    [
      'an autoencoder that is none',
      async () => ['--input', await write('g.safetensors', 'not at all')],
      /^g.safetensors: an autoencoder must be a whole .safetensors file, got other data or a part of one$/,
    ],
    [
      'a configuration alone',
      async () => ['--input', await write('cfg.json', '{"k": 32}')],
      /^cfg.json: the configuration of an autoencoder must come with it, as --sae-config JSON/,
    ],
    [
      'rows of two lengths',
      async () => ['--input', await write('odd.csv', '1 1 1\n1 2')],
      /odd.csv: row 2 of map 1 of a CSV file must have 3 numbers \(as its first row\), got 2$/,
    ],
    [
      'a missing file',
      async () => ['--input', 'nowhere.csv'],
      /^start: --input must be a file that can be read, got nowhere.csv \(not there\)$/,
    ],
    [
      'an unknown backend',
      async () => ['--backend', 'webgl'],
      /^start: --backend must be cpu, wasm, webgpu, got webgl$/,
    ],
    ['an unknown option', async () => ['--verbose'], /^start: Unknown option '--verbose'.*--help lists the options\)$/],
    [
      'an unknown demo',
      async () => ['--demo', 'x'],
      /^start: --demo must be wafers, scans, fashion, characters, got x$/,
    ],
    [
      'an option of another demo',
      async () => ['--demo', 'wafers', '--scan', '7'],
      /^start: --scan must come with --demo scans, got --demo wafers$/,
    ],
    ['a port that is none', async () => ['--port', 'x'], /^start: --port must be 0 to 65535, got x$/],
    ['a seed that is none', async () => ['--scan', 'x'], /^start: --scan must be 0 to 2147483647, got x$/],
    ['an option without its value', async () => ['--scan', '-1'], /^start: Option '--scan' argument is ambiguous/],
    [
      'a scan that is broken',
      async () => ['--input', await write('half.bin', new Uint8Array(10))],
      /half.bin: the file must have a whole number of points of 4 float32 .*, got 10 bytes$/,
    ],
    ['a folder without a pack', async () => ['--pack', folder], /^pack wafer-sscn: manifest.json must exist/],
  ];
  for (const [what, args, message] of refused) {
    it(`refuses ${what} in one line`, async () => {
      const { code, output, errors } = await run('--json', ...(await args()));
      expect([code, output]).toEqual([1, '']);
      expect(errors.trimEnd()).toMatch(message);
      expect(errors.trimEnd()).not.toContain('\n');
    });
  }
});
