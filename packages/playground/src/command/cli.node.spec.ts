import { join } from 'node:path';
import { encode } from 'fast-png';
import { demo as wafers } from '../../demos/wafers/demo.js';
import { describeCli } from './cli-fixture.node.spec.js';

const ofAnotherKind = /^start: --sae-pack must be a pack of the kind of shakespeare-sae, got untrained$/;

describe('npm start', () => {
  const { run, start, write, folder, inputsOf } = describeCli();

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
    for (const text of [
      '--input FILE',
      '--scan SEED',
      '--shape CLASS:SEED',
      '--lidar-pack FOLDER',
      '--pack FOLDER',
      'models/wafer-sscn',
    ])
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

  it('reads a text in UTF-16, and says which characters of a text are not known', async () => {
    const mark = Uint8Array.of(0xff, 0xfe, 0x54, 0, 0x6f, 0, 0x6d, 0);
    const files = [await write('tom.txt', mark), await write('cyrillic.txt', 'Привет')];
    const { code, output, errors } = await start('--json', ...inputsOf(files), '--text', 'a');
    expect([code, errors]).toEqual([0, '']);
    const rows = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ file, characters, unknown }) => [file, characters, unknown])).toEqual([
      ['text 1', 1, 0],
      ['tom.txt', 3, 0],
      ['cyrillic.txt', 6, 6],
    ]);
    expect(rows.map(({ hint }) => hint?.includes('6 of 6 characters') ?? null)).toEqual([null, null, true]);
    expect(rows[0].varianceUnexplained).withContext('of one character').toBeNull();
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

  it('says why the demo that was asked for does not take a file', async () => {
    const path = await write('notes.md', '# Notes');
    const { code, errors } = await start('--json', '--demo', 'characters', '--input', path);
    const message = `${path}: the name must end in .txt, .safetensors or .json, got notes.md\n`;
    expect([code, errors]).toEqual([1, message]);
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
    ['a pack of another kind', async () => ['--text', 'a', '--sae-pack', join(folder(), 'pack')], ofAnotherKind],
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
      'a text that no demo takes',
      async () => ['--input', await write('notes.md', '# Notes')],
      /^start: --input must be a file for wafers \(maps .*\), scans \(\.bin .*\), .* characters \(texts as \.txt; .*\), got .*notes.md$/,
    ],
    [
      'a text that the demo does not take',
      async () => ['--demo', 'wafers', '--input', await write('notes.md', '# Notes')],
      /notes.md: a file of wafer maps must be idx, PNG or CSV \(or one of them gzipped\), got "# Notes"$/,
    ],
    [
      'a text of another encoding',
      async () => ['--input', await write('latin.txt', Uint8Array.of(0x54, 0x6f, 0x6d, 0x20, 0xe9))],
      /latin.txt: a text must be UTF-8, or UTF-16 with a byte order mark \(save it as UTF-8\), got bytes of another encoding$/,
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
      /^start: --demo must be wafers, scans, fashion, attention-patterns, shapes, characters, convert, got x$/,
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
    ['a folder without a pack', async () => ['--pack', folder()], /^pack wafer-sscn: manifest.json must exist/],
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
