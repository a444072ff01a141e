import { gzipSync, zipSync } from 'fflate';
import { float16Bits } from '@tfjs-sparse/core';
import type { Place } from '../../demo.js';
import { readCloud } from './read-cloud.js';
import { scanRows } from './scan-rows-fixture.spec.js';

const points = [
  [1, 2, 3],
  [-4.5, 0.25, 6],
  [7, 8, -9],
];
const expected = Float32Array.from(points.flat());

async function pointsOf(...given: Parameters<typeof readCloud>): Promise<Float32Array> {
  return (await readCloud(...given)).points;
}

describe('readCloud', () => {
  const files: Record<string, Uint8Array<ArrayBuffer>> = {
    'scan.bin': floats(points.map((row) => [...row, 0.5])),
    'scan.pcd.bin': floats(points.map((row) => [...row, 0.5, 3])),
    'scan_xyz.bin': floats(points),
    'ascii.pcd': text(`${pcdHeader('ascii')}${rows((row) => `${row.join(' ')} 7`)}`),
    'binary.pcd': joined(text(pcdHeader('binary')), floats(points.map((row) => [...row, 7]))),
    'compressed.pcd': joined(text(pcdHeader('binary_compressed')), lzf(pcdColumns())),
    'ascii.ply': text(`${plyHeader('ascii')}${rows((row) => row.join(' '))}3 0 1 2\n`),
    'little.ply': joined(text(plyHeader('binary_little_endian')), floats(points), Uint8Array.of(3)),
    'big.ply': joined(text(plyHeader('binary_big_endian')), bigEndian(points)),
    'scan.xyz': text(rows((row) => row.join(' '))),
    'scan.npy': npy("'<f4'", floats(points)),
    'double.npy': npy("'<f8'", new Uint8Array(Float64Array.from(points.flat()).buffer)),
    'scan.npz': zip({ 'labels.npy': npy("'<i4'", new Uint8Array(12), '3,'), 'pc.npy': npy("'<f4'", floats(points)) }),
  };

  /** What other tools write. */
  const variants: Record<string, [name: string, contents: Uint8Array<ArrayBuffer>]> = {
    'a PCD file with a field of COUNT 0': ['a.pcd', text(`${pcdHeader('ascii').replace('x y  z intensity', '_ x y z').replace('COUNT 1', 'COUNT 0')}${rows((row) => row.join(' '))}`)],
    'a binary one': ['a.pcd', joined(text(pcdHeader('binary').replace('x y  z intensity', '_ x y z').replace('COUNT 1', 'COUNT 0')), floats(points))],
    'a PCD file with upper-case names': ['a.pcd', text(`${pcdHeader('ascii').replace('x y  z', 'X Y Z')}${rows((row) => `${row.join(' ')} 7`)}`)],
    'a PCD file without POINTS': ['a.pcd', text(`${pcdHeader('ascii').replace('POINTS 3\r\n', '')}${rows((row) => `${row.join(' ')} 7`)}`)],
    'a binary one without any number of points': ['a.pcd', joined(text(pcdHeader('binary').replace('POINTS 3\r\n', '').replace('WIDTH 3\r\n', '')), floats(points.map((row) => [...row, 7])))],
    'a PCD file whose lines end with CR': ['a.pcd', text(`${pcdHeader('ascii')}${rows((row) => `${row.join(' ')} 7`)}`.replace(/\r?\n/g, '\r'))],
    'a PLY file with an element and a list before x': ['a.ply', text(`${plyHeader('ascii').replace('element vertex 3\n', 'element camera 2\nproperty float f\nelement vertex 3\nproperty list uchar int ids\n')}1\n2\n${points.map((row, i) => `${i} ${'9 '.repeat(i)}${row.join(' ')}\n`).join('')}3 0 1 2\n`)],
    'a binary one with both': ['a.ply', joined(text(plyHeader('binary_little_endian').replace('element vertex 3\n', 'element camera 2\nproperty uchar f\nelement vertex 3\nproperty list uchar uchar ids\n')), Uint8Array.of(1, 2), ...points.map((row, i) => joined(Uint8Array.of(i, ...Array<number>(i).fill(9)), floats([row]))))],
    'a PLY file whose lines end with CR': ['a.ply', text(`${plyHeader('ascii')}${rows((row) => row.join(' '))}3 0 1 2\n`.replace(/\n/g, '\r'))],
    'a binary one whose header ends so': ['a.ply', joined(text(plyHeader('binary_big_endian').replace(/\n/g, '\r')), bigEndian(points))],
    'text with commas, colours, names and remarks': ['a.xyz', text(`# three\nx, y, z, red\n${rows((row) => `${row.join(', ')}, 7`)}`)],
    'an array in Fortran order': ['a.npy', npy("'<f4'", floats([0, 1, 2].map((axis) => points.map((row) => row[axis]))), '3, 3', 'True')],
    'a big-endian array': ['a.npy', npy("'>f4'", bigEndian(points))],
    'a float16 array': ['a.npy', npy("'<f2'", new Uint8Array(Uint16Array.from(points.flat(), float16Bits).buffer))],
    'points beside colours': ['a.npz', zip({ 'colours.npy': npy("'|u1'", new Uint8Array(9)), 'points.npy': npy("'<f4'", floats(points)) })],
    'points beside wide features': ['a.npz', zip({ 'f.npy': npy("'<f4'", new Uint8Array(4 * 3 * 40), '3, 40'), 'scan0.npy': npy("'<f4'", floats(points)) })],
    'points beside a transform': ['a.npz', zip({ 'T.npy': npy("'<f8'", new Uint8Array(128), '4, 4'), 'scan0.npy': npy("'<f4'", floats(points)) })],
    'named points beside other floats': ['a.npz', zip({ 'normals.npy': npy("'<f4'", floats(points.map(() => [0, 0, 1]))), 'xyz.npy': npy("'<f4'", floats(points)) })],
  }; // prettier-ignore
  for (const [what, [name, contents]] of Object.entries(variants)) {
    it(`reads ${what}`, async () => expect(await pointsOf(contents, name)).toEqual(expected));
  }

  it('reads integer coordinates of a PCD file', async () => {
    const header = pcdHeader('binary').replace('TYPE F F F F', 'TYPE I I I U').replace('SIZE 4 4 4 4', 'SIZE 4 4 4 1');
    const row = joined(new Uint8Array(Int32Array.of(1, -2, 3).buffer), Uint8Array.of(7));
    expect(await pointsOf(joined(text(header.replace('POINTS 3', 'POINTS 1')), row), 'a.pcd')).toEqual(Float32Array.of(1, -2, 3)); // prettier-ignore
  });

  for (const [name, contents] of Object.entries(files)) {
    it(`reads ${name}`, async () => {
      expect(await pointsOf(contents, name)).toEqual(expected);
      expect(await pointsOf(joined(new Uint8Array(1), contents).subarray(1), name)).toEqual(expected); // unaligned
      expect(await pointsOf(gzipSync(contents) as Uint8Array<ArrayBuffer>, `${name}.gz`)).toEqual(expected);
    });
  }

  it('reads as many columns as are said', async () => {
    const contents = floats(points.map((row) => [...row, 0, 0, 0]));
    expect(await pointsOf(contents, 'a.bin', { columns: 6 })).toEqual(expected);
  });

  it('says how it read a .bin file, gzipped too, and nothing of others', async () => {
    const contents = floats(scanRows(400).map((row) => row.slice(0, 6)));
    for (const [name, file] of [
      ['a.bin', contents],
      ['a.bin.gz', gzipSync(contents) as Uint8Array<ArrayBuffer>],
    ] as const) {
      expect((await readCloud(file, name)).layout).toEqual({ columns: 6, first: 0, isGuessed: true, hint: null });
    }
    expect((await readCloud(files['scan.npy'], 'scan.npy')).layout).toBeNull();
  });

  it('reads the points behind a batch index', async () => {
    const rows = scanRows(400).map((row) => row.slice(0, 3));
    const { points: read } = await readCloud(floats(rows.map((row) => [0, ...row])), 'a.bin');
    expect(read).toEqual(Float32Array.from(rows.flat()));
  });

  it('takes a stated origin from coordinates in float64', async () => {
    const origin = [448_000, 5_411_000, 100] as const;
    const moved = points.map((row) => row.map((value, axis) => value + origin[axis] + 0.125));
    const wanted = expected.map((value) => value + 0.125);
    const far = npy("'<f8'", new Uint8Array(Float64Array.from(moved.flat()).buffer));
    expect(await pointsOf(far, 'a.npy', { origin })).toEqual(wanted);
    const ascii = text(`${pcdHeader('ascii')}${moved.map((row) => `${row.join(' ')} 7\n`).join('')}`);
    expect(await pointsOf(ascii, 'a.pcd', { origin })).toEqual(wanted);
  });

  it('leaves out points that are not finite', async () => {
    for (const none of ['nan', '1.#QNAN', '-1.#IND', '1.#INF', 'inf', '-NaN(ind)']) {
      const contents = text(`${pcdHeader('ascii')}${none} 0 0 7\n1 2 3 7\n4 5 6 7\n`);
      expect(await pointsOf(contents, 'a.pcd')).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
    }
    expect(await pointsOf(floats([[NaN, 0, 0, 0], [...points[0], 0]]), 'a.bin')).toEqual(Float32Array.from(points[0])); // prettier-ignore
  });

  const transposed = 'points must have 3 to 16 columns (they may be transposed: one row a point), got';
  const mistakes: Record<string, [name: string, contents: Uint8Array<ArrayBuffer>, message: string]> = {
    'an unknown ending': ['a.las', floats(points), 'the name must end in .bin, .pcd, .ply, .npz, .npy, .xyz or .gz, got a.las'],
    'half a point': ['a.bin', new Uint8Array(8), 'the file must have a whole number of points of 4 float32 (pick another number of columns), got 8 bytes'],
    'no points': ['a.bin', new Uint8Array(0), 'a file must have at least one point, got 0'],
    'points far away': ['a.bin', floats([[0, 1e9, 0, 0]]), 'coordinates must be within 10000 m of the origin (are they in millimetres? pick another number of columns, or subtract a place near them from all), got 1000000000'],
    'points far away in an array': ['a.npy', npy("'<f4'", floats([[0, 1e9, 0]]), '1, 3'), 'coordinates must be within 10000 m of the origin (are they in millimetres? subtract a place near them from all), got 1000000000'],
    'a PCD file cut short': ['a.pcd', files['binary.pcd'].slice(0, -1), 'the points must be 48 bytes, as the header says, got 47 bytes'],
    'a PCD file of other data': ['a.pcd', text(pcdHeader('zip')), 'DATA must be ascii, binary, binary_compressed, got zip'],
    'a PCD file with missing points': ['a.pcd', text(`${pcdHeader('ascii')}1 2 3 4\n`), 'the file must have the 3 points of its header, got 1'],
    'a PLY file cut short': ['a.ply', files['big.ply'].slice(0, -1), 'the elements must be 36 bytes, as the header says, got 35 bytes'],
    'a PLY file that claims too much': ['a.ply', text(plyHeader('ascii').replace('vertex 3', 'vertex 300')), 'the file must have the 300 points of its header, got 0'],
    'a text file': ['a.ply', text('hello'), 'the header must end with a line of end_header, got 0 other lines'],
    'an array of another shape': ['a.npy', npy("'<f4'", floats(points), '9,'), 'the shape must be [points, 3 or more], got [9]'],
    'an array of integers': ['a.npy', npy("'<i4'", floats(points)), 'the type must be float16, float32 or float64 (f2, f4, f8), got <i4'],
    'a transposed array': ['a.npy', npy("'<f4'", new Uint8Array(4 * 3 * 40), '3, 40'), `${transposed} 40`],
    'one in an archive': ['a.npz', zip({ 'arr_0.npy': npy("'<f4'", new Uint8Array(4 * 3 * 40), '3, 40') }), `${transposed} 40`],
    'transposed lines': ['a.xyz', text(rows(() => '1 '.repeat(17))), `${transposed} 17`],
    'an archive without points': ['a.npz', zip({ 'labels.npy': npy("'<i4'", new Uint8Array(12), '3,') }), 'the file must have one array of floats of shape [points, 3 or more], or one named points among them, got labels <i4 [3]'],
    'two arrays that may be points': ['a.npz', zip({ 'a.npy': npy("'<f4'", floats(points)), 'b.npy': npy("'<f4'", floats(points)) }), 'the file must have one array of floats of shape [points, 3 or more], or one named points among them, got a <f4 [3, 3], b <f4 [3, 3]'],
    'compressed points without their number': ['a.pcd', joined(text(pcdHeader('binary_compressed').replace('POINTS 3\r\n', '').replace('WIDTH 3\r\n', '')), lzf(pcdColumns())), 'compressed points must have POINTS, or WIDTH and HEIGHT, got none'],
    'an archive cut short': ['a.npz', files['scan.npz'].slice(0, 90), 'the file must be a whole zip file, got broken data'],
    'a compressed PCD file that is broken': ['a.pcd', files['compressed.pcd'].map((byte, i, all) => (i === all.length - 1 ? 255 : byte)), 'the compressed points must unpack to 48 bytes, got broken data'],
  }; // prettier-ignore

  for (const [what, [name, contents, message]] of Object.entries(mistakes)) {
    it(`refuses ${what}`, () => expectAsync(readCloud(contents, name)).toBeRejectedWithError(RangeError, message));
  }

  it('names options on the command line and none on the page', async () => {
    const far = floats([[0, 1e9, 0, 0]]);
    const problem = (place: Place) => readCloud(far, 'a.bin', { place }).catch(({ message }: Error) => message);
    expect(await problem('command line')).toBe(
      'coordinates must be within 10000 m of the origin (are they in millimetres? --columns N says otherwise, or --origin X,Y,Z subtracts a place near them), got 1000000000',
    );
    expect(await problem('page')).not.toContain('--');
    const zeros = new Uint8Array(4 * 120);
    const hint = async (place: Place) => (await readCloud(zeros, 'a.bin', { place })).layout!.hint;
    expect(await hint('command line')).toMatch(/\(--columns N says otherwise\)\.$/);
    expect(await hint('page')).toMatch(/\(pick another number of columns\)\.$/);
  });

  it('ends with points or a RangeError whatever a file holds', async () => {
    let state = 5;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647; // Lehmer
    for (const [name, contents] of Object.entries(files)) {
      for (let trial = 0; trial < 200; trial++) {
        const broken = contents.slice(0, random() < 0.5 ? contents.length : Math.floor(random() * contents.length));
        for (let count = Math.ceil(random() * 4); count > 0 && broken.length > 0; count--) {
          broken[Math.floor(random() * broken.length)] = Math.floor(random() * 256);
        }
        try {
          expect((await pointsOf(broken, name)).length % 3).toBe(0);
        } catch (error) {
          expect(error).withContext(`${name} ${trial}`).toBeInstanceOf(RangeError);
          expect((error as Error).message).toMatch(/^[^:\p{C}]+ must [^\p{C}]*, got [^\p{C}]+$/u);
        }
      }
    }
  });
});

function floats(rowsOfNumbers: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Float32Array.from(rowsOfNumbers.flat()).buffer);
}

function bigEndian(rowsOfNumbers: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4 * rowsOfNumbers.flat().length));
  rowsOfNumbers.flat().forEach((value, i) => view.setFloat32(4 * i, value));
  return new Uint8Array(view.buffer);
}

function text(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(value) as Uint8Array<ArrayBuffer>;
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function rows(line: (row: readonly number[]) => string): string {
  return points.map((row) => `${line(row)}\n`).join('');
}

function pcdHeader(storage: string): string {
  return `# .PCD v0.7\r\nVERSION 0.7\r\nFIELDS x y  z intensity\r\nSIZE 4 4 4 4\r\nTYPE F F F F\r\nCOUNT 1 1 1 1\r\nWIDTH 3\r\nHEIGHT 1\r\nPOINTS 3\r\nDATA ${storage}\r\n`;
}

/** All x, then all y, all z and all intensities, as compressed files have them. */
function pcdColumns(): Uint8Array {
  return floats([0, 1, 2].map((axis) => points.map((row) => row[axis])).concat([[7, 7, 7]]));
}

/** LZF behind its two sizes: literals, and a reference for the last eight bytes, which repeat the four before them. */
function lzf(contents: Uint8Array): Uint8Array {
  const packed: number[] = [];
  for (let start = 0; start < contents.length - 8; start += 32) {
    const run = contents.subarray(start, Math.min(start + 32, contents.length - 8));
    packed.push(run.length - 1, ...run);
  }
  packed.push((8 - 2) << 5, 4 - 1);
  return joined(new Uint8Array(Uint32Array.of(packed.length, contents.length).buffer), Uint8Array.from(packed));
}

function plyHeader(format: string): string {
  const faces = format === 'binary_big_endian' ? '' : 'element face 1\nproperty list uchar int vertex_indices\n';
  return `ply\nformat ${format} 1.0\ncomment made here\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n${faces}end_header\n`;
}

function npy(type: string, values: Uint8Array, shape = '3, 3', isFortran = 'False'): Uint8Array<ArrayBuffer> {
  const header = text(`{'descr': ${type}, 'fortran_order': ${isFortran}, 'shape': (${shape}), }\n`);
  return joined(Uint8Array.of(0x93), text('NUMPY'), Uint8Array.of(1, 0, header.length, 0), header, values);
}

function zip(entries: Record<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  return zipSync(entries) as Uint8Array<ArrayBuffer>;
}
