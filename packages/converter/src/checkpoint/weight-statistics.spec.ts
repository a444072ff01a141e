import { seededRandom } from '@tfjs-sparse/core';
import type { Dtype } from './dtypes.js';
import { StoredTensor } from './stored-tensor.js';
import { weightStatistics } from './weight-statistics.js';

function stored(bytes: Uint8Array<ArrayBuffer>, dtype: Dtype, shape: readonly number[]): StoredTensor {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const read = async (start: number, length: number) => bytes.subarray(start, start + length);
  const storage = { key: '0', location: null, byteLength: bytes.length, read };
  return new StoredTensor('spec', { dtype, shape, strides, storageOffset: 0, storage, requiresGrad: null });
}

/** @param isKept by row and position in it */
function weight(shape: readonly number[], isKept: (row: number, position: number) => boolean): StoredTensor {
  const inner = shape.slice(1).reduce((product, length) => product * length, 1);
  const size = shape[0] * inner;
  const values = Float32Array.from({ length: size }, (_, i) => (isKept(Math.floor(i / inner), i % inner) ? 1 + i : -0));
  return stored(new Uint8Array(values.buffer), 'float32', shape);
}

describe('weightStatistics', () => {
  it('counts zeros of every type, -0 among them', async () => {
    const zerosOf = async (values: ArrayBufferView & { readonly length: number }, dtype: Dtype, size = values.length) =>
      (await weightStatistics(stored(new Uint8Array(values.buffer as ArrayBuffer), dtype, [size]))).zeros;
    expect(await zerosOf(Float64Array.of(0, -0, 5e-324, 1), 'float64')).toBe(2);
    expect(await zerosOf(Float32Array.of(0, -0, 1e-45, NaN), 'float32')).toBe(2);
    expect(await zerosOf(Uint16Array.of(0, 0x8000, 1, 0x8001), 'bfloat16')).toBe(2);
    expect(await zerosOf(Int16Array.of(0, -0x8000, 1), 'int16')).toBe(1);
    expect(await zerosOf(BigInt64Array.of(0n, 1n << 62n, -1n), 'int64')).toBe(1);
    expect(await zerosOf(Uint8Array.of(0, 1, 0x80), 'bool')).toBe(1);
    expect(await zerosOf(Uint8Array.of(0, 1, 0x80), 'float8_e4m3fn')).toBe(2);
    expect(await zerosOf(Float32Array.of(0, -0, 0, 1), 'complex64', 2)).toBe(1);
  });

  it('finds groups along the inputs of matrices and of convolutions', async () => {
    const linear = weight([8, 16], (row, position) => position % 4 === row % 4 || position % 4 === (row + 1) % 4);
    expect((await weightStatistics(linear)).pattern).toEqual(
      jasmine.objectContaining({ groups: { n: 2, m: 4, axis: 1 }, nearly: null }),
    );
    const convolution = weight([8, 8, 3, 3], (row, position) => Math.floor(position / 9) % 8 === row % 8);
    expect((await weightStatistics(convolution)).pattern?.groups).toEqual({ n: 1, m: 8, axis: 1 });
    const sparseEngine = weight([8, 3, 3, 3, 16], (row, position) => (position + row) % 4 === 0);
    expect((await weightStatistics(sparseEngine)).pattern?.groups).toEqual({ n: 1, m: 4, axis: 4 });
  });

  it('says where a rule breaks that nearly holds', async () => {
    const isKept = (row: number, position: number) => position % 4 < 2 || (row === 5 && position === 10);
    const { pattern } = await weightStatistics(weight([16, 32], isKept));
    expect(pattern?.groups).toBeNull();
    expect(pattern?.nearly).toEqual({ n: 2, m: 4, axis: 1, broken: 1, groups: 128, first: [5, 8] });
  });

  it('finds blocks of rows and rows of zeros, and no rule by chance', async () => {
    const isKept = (row: number, position: number) => row < 28 && (position * 7 + Math.floor(row / 4)) % 5 === 0;
    const { pattern } = await weightStatistics(weight([32, 30], isKept));
    expect(pattern).toEqual(jasmine.objectContaining({ blockRows: 4, zeroRows: 4, groups: null }));
    const random = seededRandom(3);
    const chance = await weightStatistics(weight([64, 64], () => random() < 0.2));
    expect(chance.pattern).toEqual({ groups: null, blockRows: 1, zeroRows: 0, nearly: null });
    expect((await weightStatistics(weight([8, 8], (row) => row !== 3))).pattern).toBeNull();
  });

  it('has nothing to say of empty tensors and vectors', async () => {
    expect(await weightStatistics(weight([0, 4], () => true))).toEqual({ zeros: 0, pattern: null });
    expect((await weightStatistics(weight([4], () => false))).pattern).toBeNull();
  });
});
