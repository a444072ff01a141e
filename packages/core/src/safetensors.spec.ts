import type { SafetensorsTensor } from './safetensors.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';

const tensors: [string, SafetensorsTensor][] = [
  ['flags', { dtype: 'BOOL', shape: [3], values: Uint8Array.of(1, 0, 1) }],
  ['weight', { dtype: 'F32', shape: [2, 2], values: Float32Array.of(1, -2, NaN, 0.5) }],
  ['index', { dtype: 'I64', shape: [1], values: BigInt64Array.of(-(2n ** 40n)) }],
  ['empty', { dtype: 'I32', shape: [0, 4], values: new Int32Array(0) }],
];

describe('safetensors', () => {
  it('reads what it wrote', () => {
    const { tensors: read, metadata } = readSafetensors(writeSafetensors(tensors, [['case', 'a']]));
    expect(metadata.get('case')).toBe('a');
    for (const [name, tensor] of tensors) expect(read.get(name)).withContext(name).toEqual(tensor);
  });

  it('reads what stands beside tensors of types that it does not read', () => {
    const header = {
      half: { dtype: 'F8_E4M3', shape: [3], data_offsets: [0, 3] },
      complex: { dtype: 'C64', shape: [1], data_offsets: [3, 11] },
      'a "quoted": name': { dtype: 'U8', shape: [2], data_offsets: [11, 13] },
    };
    const { tensors: read, unread } = readSafetensors(withHeader(JSON.stringify(header), 13));
    expect([...read.keys()]).toEqual(['a "quoted": name']);
    expect([...unread]).toEqual([
      ['half', 'F8_E4M3'],
      ['complex', 'C64'],
    ]);
  });

  it('reads a file at an odd offset of its buffer', () => {
    const file = writeSafetensors(tensors);
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    const atOddOffset = shifted.subarray(1);
    atOddOffset.slice = atOddOffset.subarray.bind(atOddOffset); // as a Node Buffer has it
    expect(readSafetensors(atOddOffset).tensors.get('weight')).toEqual(tensors[1][1]);
  });

  const refused: [string, Uint8Array, RegExp][] = [
    ['a short file', Uint8Array.of(1, 2), /at least 8 bytes, got 2/],
    ['a huge header', withLength('{}', 2n ** 63n), /header must be at most 100000000 bytes, got 9223372036854775808/],
    ['a header beyond the file', withLength('{}', 99n), /header must end within 10 bytes, got 107/],
    ['text before the header', withHeader(' {}'), /header must begin with '{'/],
    ['broken JSON', withHeader('{"a":'), /header must be JSON/],
    [
      'an unknown dtype',
      withHeader(entry('constructor', [1], [0, 4]), 4),
      /'t' must have a known dtype, got constructor/,
    ],
    ['a negative size', withHeader(entry('F32', [-1], [0, 4]), 4), /shape of whole numbers, got \[-1\]/],
    ['a size that overflows', withHeader(entry('F32', [2 ** 40, 2 ** 40], [0, 4]), 4), /'t' must have .* bytes/],
    ['a size that disagrees', withHeader(entry('F32', [2], [0, 4]), 4), /'t' must have 8 bytes \(F32 \[2\]\), got 4/],
    ['a gap', withHeader(entry('F32', [1], [4, 8]), 8), /'t' must begin at byte 0, got 4/],
    ['an end beyond the file', withHeader(entry('F32', [2], [0, 8]), 4), /must end within 4 data bytes, got 8/],
    ['bytes that no tensor owns', withHeader(entry('F32', [1], [0, 4]), 8), /data must be 4 bytes, got 8/],
    ['a name that comes twice', withHeader('{"t":{},"u":{},"t":{}}'), /names must be unique, got 't' twice/],
    ['a name that is escaped the second time', withHeader('{"t":{"a":1},"\\u0074" :{}}'), /got 't' twice/],
    ['metadata that is no text', withHeader('{"__metadata__":{"a":1}}'), /must hold strings, got number for 'a'/],
  ];
  for (const [what, file, message] of refused) {
    it(`refuses ${what}`, () => expect(() => readSafetensors(file)).toThrowError(RangeError, message));
  }

  it('refuses to write values that do not fill the shape', () => {
    const short: SafetensorsTensor = { dtype: 'F32', shape: [2], values: Float32Array.of(1) };
    expect(() => writeSafetensors([['a', short]])).toThrowError(/'a' must have 2 values \(shape \[2\]\), got 1/);
  });
});

function entry(dtype: string, shape: number[], offsets: number[]): string {
  return JSON.stringify({ t: { dtype, shape, data_offsets: offsets } });
}

function withHeader(text: string, dataBytes = 0): Uint8Array {
  return withLength(text, BigInt(text.length), dataBytes);
}

function withLength(text: string, length: bigint, dataBytes = 0): Uint8Array {
  const file = new Uint8Array(8 + text.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, length, true);
  file.set(new TextEncoder().encode(text), 8);
  return file;
}
