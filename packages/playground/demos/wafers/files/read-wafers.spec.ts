import { encode } from 'fast-png';
import { gunzip } from '../../../src/files/gunzip.js';
import { readWafers } from './read-wafers.js';

const [height, width] = [27, 25];
const cells = Uint8Array.from({ length: height * width }, (_, cell) => (cell * 7) % 3);
const other = cells.map((cell) => 2 - cell);
const rgb = (values: Uint8Array) => ({
  width,
  height,
  data: values,
  channels: values.length / cells.length,
});

const gridOf = (values: Uint8Array) => ({ height, width, values });

describe('readWafers', () => {
  it('reads idx, also gzipped', async () => {
    const file = idx([2, height, width], [...cells, ...other]);
    expect(await readWafers(file)).toEqual([gridOf(cells), gridOf(other)]);
    expect(await readWafers(await gzip(file))).toEqual([gridOf(cells), gridOf(other)]);
  });

  it('reads CSV with any of the usual separators', async () => {
    for (const [separator, end] of [
      [',', '\n'],
      [';', '\r\n'],
      [' ', '\n'],
      [', ', '\n'],
    ]) {
      const text = [cells, other].map((map) => csv(map, separator, end)).join(end + end);
      expect(await readWafers(bytes(text))).toEqual([gridOf(cells), gridOf(other)]);
    }
  });

  it('reads PNG: palette indices, levels of grey, colours', async () => {
    const palette = [
      [9, 9, 9],
      [1, 2, 3],
      [255, 0, 0],
    ];
    const indexed = { ...rgb(cells), channels: 1, depth: 8 as const, palette };
    const viridis = [
      [68, 1, 84],
      [33, 145, 140],
      [253, 231, 37],
    ];
    const images = [
      indexed,
      rgb(cells),
      rgb(cells.map((cell) => [0, 128, 255][cell])),
      rgb(Uint8Array.from([...cells].flatMap((cell) => viridis[cell]))),
      rgb(
        Uint8Array.from([...cells].flatMap((cell) => [...(cell === 0 ? [255, 255, 255] : viridis[cell]), cell * 100])),
      ),
    ];
    for (const image of images)
      expect(await readWafers(encode(image) as Uint8Array<ArrayBuffer>)).toEqual([gridOf(cells)]);
  });

  it('reads PNG of a bit a pixel, whose rows end with a byte', async () => {
    const isOne = (cell: number) => cells[cell] === 1;
    const rowBytes = Math.ceil(width / 8);
    const packed = new Uint8Array(height * rowBytes);
    cells.forEach((_, cell) => {
      const column = cell % width;
      if (isOne(cell)) packed[Math.floor(cell / width) * rowBytes + (column >> 3)] |= 128 >> (column & 7);
    });
    const image = encode({ width, height, data: packed, channels: 1, depth: 1 }) as Uint8Array<ArrayBuffer>;
    expect(await readWafers(image)).toEqual([gridOf(cells.map((_, cell) => (isOne(cell) ? 1 : 0)))]);
  });

  it('reads maps of several sizes from one CSV', async () => {
    const grids = await readWafers(bytes('0 1 2\n1 1 1\n\n2\n'));
    expect(grids).toEqual([
      { height: 2, width: 3, values: Uint8Array.of(0, 1, 2, 1, 1, 1) },
      { height: 1, width: 1, values: Uint8Array.of(2) },
    ]);
  });

  const png = encode(rgb(cells)) as Uint8Array<ArrayBuffer>;
  const refused: [string, () => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>, RegExp][] = [
    ['an empty file', () => new Uint8Array(0), /^a file of wafer maps must not be empty, got 0 bytes$/],
    ['another kind of file', () => bytes('%PDF-1.7'), /must be idx, PNG or CSV .*, got "%PDF-1.7"$/],
    [
      'truncated gzip',
      async () => (await gzip(idx([1, height, width], cells))).slice(0, 40),
      /a gzip file must be whole, got /,
    ],
    ['idx labels', () => idx([3], [1, 2, 3]), /an idx file must have 3 dimensions \(maps, rows, columns\), got 1$/],
    ['idx of floats', () => bytes('\0\0\r\x03'), /must hold unsigned bytes \(type 8\), got type 13$/],
    [
      'an idx header cut off',
      () => idx([1, height, width], cells).slice(0, 9),
      /must have a header of 16 bytes, got 9$/,
    ],
    ['idx of no rows', () => idx([1, 0, 28], []), /maps of an idx file must have rows and columns, got 0 x 28$/],
    ['truncated idx', () => idx([2, height, width], cells), /an idx file of 2 maps must have 1366 bytes, got 691$/],
    [
      'an idx cell of 3',
      () =>
        idx(
          [1, height, width],
          cells.map((_, i) => (i === 26 ? 3 : 0)),
        ),
      /must be 0 \(outside\), 1 \(pass\) or 2 \(fail\), got 3 in row 2, column 2 of map 1$/,
    ],
    [
      'a PNG too wide',
      () => encode({ width: 1025, height: 1, data: new Uint8Array(1025), channels: 1 }) as Uint8Array<ArrayBuffer>,
      /^a PNG must be at most 1024 x 1024, got 1025 x 1$/,
    ],
    [
      'a CSV of flat maps',
      () => bytes(Array(4096).fill(1).join(',')),
      /must have at most 1024 rows and columns, got 1 x 4096$/,
    ],
    ['a truncated PNG', () => png.slice(0, 60), /a PNG must be whole, got /],
    ['an altered PNG', () => png.map((byte, i) => (i === 50 ? byte ^ 1 : byte)), /a PNG must be whole, got /],
    [
      'a huge PNG',
      () => new Uint8Array([...png, ...new Uint8Array(200_000)]),
      /a PNG must have at most 200000 bytes, got \d+$/,
    ],
    [
      'a photograph',
      () => encode(rgb(cells.map((_, i) => i % 256))) as Uint8Array<ArrayBuffer>,
      /must be near black \(outside\), middle grey \(pass\) or white \(fail\), got 1\d % grey in row \d+, column \d+$/,
    ],
    [
      'a short row',
      () => bytes(csv(cells).replace(/,\d\n/, '\n')),
      /row 2 of map 1 of a CSV file must have 24 numbers \(as its first row\), got 25$/,
    ],
    [
      'words',
      () => bytes(csv(cells).replace('1', 'x')),
      /row 1 of map 1 of a CSV file must hold 0, 1 or 2 only, got "x"$/,
    ],
    ['a CSV cell of 7', () => bytes(csv(cells).replace('1', '7')), /got 7 in row 1, column 2 of map 1$/],
    ['blank lines only', () => bytes('\n\n'), /must have at least one map, got blank lines only$/],
  ];
  for (const [what, file, message] of refused) {
    it(`refuses ${what}`, async () => {
      await expectAsync(readWafers(await file())).toBeRejectedWithError(RangeError, message);
    });
  }

  it('stops unpacking at a limit', async () => {
    const bomb = await gzip(new Uint8Array(100_000));
    await expectAsync(gunzip(bomb, 1000)).toBeRejectedWithError(/must unpack to at most 1000 bytes, got more$/);
  });
});

function idx(sizes: number[], values: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const bigEndian = sizes.flatMap((size) => [24, 16, 8, 0].map((shift) => (size >> shift) & 255));
  return Uint8Array.from([0, 0, 8, sizes.length, ...bigEndian, ...Array.from(values)]);
}

function csv(map: Uint8Array, separator = ',', end = '\n'): string {
  const rows = Array.from({ length: height }, (_, row) => map.slice(row * width, (row + 1) * width));
  return rows.map((row) => row.join(separator)).join(end);
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

async function gzip(contents: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([contents]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
