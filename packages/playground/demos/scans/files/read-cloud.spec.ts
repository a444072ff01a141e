import { zipSync } from 'fflate';
import { readCloud } from './read-cloud.js';

const points = [
  [1, 2, 3],
  [-4.5, 0.25, 6],
  [7, 8, -9],
];
const expected = Float32Array.from(points.flat());

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
    'scan.npy': npy("'<f4'", floats(points)),
    'double.npy': npy("'<f8'", new Uint8Array(Float64Array.from(points.flat()).buffer)),
    'scan.npz': zip({ 'labels.npy': npy("'<i4'", new Uint8Array(12), '3,'), 'pc.npy': npy("'<f4'", floats(points)) }),
  };

  for (const [name, contents] of Object.entries(files)) {
    it(`reads ${name}`, () => {
      expect(readCloud(contents, name)).toEqual(expected);
      expect(readCloud(joined(new Uint8Array(1), contents).subarray(1), name)).toEqual(expected); // unaligned
    });
  }

  it('reads as many columns as are said', () => {
    expect(readCloud(floats(points.map((row) => [...row, 0, 0, 0])), 'a.bin', { columns: 6 })).toEqual(expected);
  });

  it('leaves out points that are not finite', () => {
    expect(readCloud(floats([[NaN, 0, 0, 0], [...points[0], 0]]), 'a.bin')).toEqual(Float32Array.from(points[0])); // prettier-ignore
  });

  const mistakes: Record<string, [name: string, contents: Uint8Array<ArrayBuffer>, message: string]> = {
    'an unknown ending': ['a.las', floats(points), 'readCloud: the name must end in .bin, .pcd, .ply, .npz, .npy, got a.las'],
    'half a point': ['a.bin', new Uint8Array(20), 'readKittiBin: the file must have a whole number of points of 4 float32 (--columns gives another number), got 20 bytes'],
    'no points': ['a.bin', new Uint8Array(0), 'readCloud: a file must have at least one point, got 0'],
    'points far away': ['a.bin', floats([[0, 1e9, 0, 0]]), 'readCloud: coordinates must be within 10000 m (is it the right number of columns?), got 1000000000'],
    'a PCD file cut short': ['a.pcd', files['binary.pcd'].slice(0, -1), 'readPcd: the points must be 48 bytes, as the header says, got 47 bytes'],
    'a PCD file of other data': ['a.pcd', text(pcdHeader('zip')), 'readPcd: DATA must be ascii, binary, binary_compressed, got zip'],
    'a PCD file with missing points': ['a.pcd', text(`${pcdHeader('ascii')}1 2 3 4\n`), 'readPcd: the file must have the 3 points of its header, got 1'],
    'a PLY file cut short': ['a.ply', files['big.ply'].slice(0, -1), 'readPly: the vertices must be 36 bytes, as the header says, got 35 bytes'],
    'a PLY file that claims too much': ['a.ply', text(plyHeader('ascii').replace('vertex 3', 'vertex 300')), 'readPly: the file must have the 300 points of its header, got 0'],
    'a text file': ['a.ply', text('hello'), 'readPly: the header must end with a line of end_header, got 0 other lines'],
    'an array of another shape': ['a.npy', npy("'<f4'", floats(points), '9,'), 'readNpy: the shape must be [points, 3 or more], got [9]'],
    'an array of integers': ['a.npy', npy("'<i4'", floats(points)), 'readNpy: the type must be little-endian float32 or float64 (<f4, <f8), got <i4'],
    'an archive without points': ['a.npz', zip({ 'labels.npy': npy("'<i4'", new Uint8Array(12), '3,') }), 'readNpz: the file must have an array of shape [points, 3 or more], got labels.npy [3]'],
    'an archive cut short': ['a.npz', files['scan.npz'].slice(0, 90), 'readNpz: the file must be a whole zip file, got invalid zip data'],
    'a compressed PCD file that is broken': ['a.pcd', files['compressed.pcd'].map((byte, i, all) => (i === all.length - 1 ? 255 : byte)), 'readPcd: the compressed points must unpack to 48 bytes, got broken data'],
  }; // prettier-ignore

  for (const [what, [name, contents, message]] of Object.entries(mistakes)) {
    it(`refuses ${what}`, () => expect(() => readCloud(contents, name)).toThrowError(RangeError, message));
  }

  it('ends with points or a RangeError whatever a file holds', () => {
    let state = 5;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647; // Lehmer
    for (const [name, contents] of Object.entries(files)) {
      for (let trial = 0; trial < 200; trial++) {
        const broken = contents.slice(0, random() < 0.5 ? contents.length : Math.floor(random() * contents.length));
        for (let count = Math.ceil(random() * 4); count > 0 && broken.length > 0; count--) {
          broken[Math.floor(random() * broken.length)] = Math.floor(random() * 256);
        }
        try {
          expect(readCloud(broken, name).length % 3).toBe(0);
        } catch (error) {
          expect(error).withContext(`${name} ${trial}`).toBeInstanceOf(RangeError);
          expect((error as Error).message).toMatch(/^read\w+: .*, got /s);
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

function npy(type: string, values: Uint8Array, shape = '3, 3'): Uint8Array<ArrayBuffer> {
  const header = text(`{'descr': ${type}, 'fortran_order': False, 'shape': (${shape}), }\n`);
  return joined(Uint8Array.of(0x93), text('NUMPY'), Uint8Array.of(1, 0, header.length, 0), header, values);
}

function zip(entries: Record<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  return zipSync(entries) as Uint8Array<ArrayBuffer>;
}
