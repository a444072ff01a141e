import { bytesSource, type ByteSource } from '../bytes/byte-source.js';
import { FormatError } from '../format-error.js';
import { inspectCheckpoint } from './inspect-checkpoint.js';
import { readCheckpoint } from './read-checkpoint.js';

const kernel = new Float32Array(16 * 4).fill(0.5);
kernel.fill(0, 0, 48); // of 16 inputs the first 12
const weights = [
  { name: 'dense/kernel', shape: [16, 4], dtype: 'float32' },
  { name: 'half', shape: [2], dtype: 'float32', quantization: { dtype: 'float16' } },
  { name: 'bytes', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
];
const json = { modelTopology: { class_name: 'Sequential' }, weightsManifest: [{ paths: ['w.bin'], weights }] };
const bin = Uint8Array.from([...new Uint8Array(kernel.buffer), 0, 60, 0, 192, 2, 0, 4]);

/** A model.json with the files beside it. */
function modelJson(siblings: Readonly<Record<string, Uint8Array<ArrayBuffer>>>): ByteSource {
  const source = bytesSource('model.json', new TextEncoder().encode(JSON.stringify(json)));
  return { ...source, sibling: async (name) => (siblings[name] ? bytesSource(name, siblings[name]) : null) };
}

describe('readCheckpoint of a model.json', () => {
  it('finds the weights as they are stored, and their matrices with outputs last', async () => {
    const checkpoint = await readCheckpoint(modelJson({ 'w.bin': bin }));
    expect(checkpoint.format).toBe('tfjs');
    const rows = [];
    for await (const row of inspectCheckpoint(checkpoint, [])) rows.push(row);
    expect(rows.map(({ path, dtype, layout, bytes }) => [path, dtype, layout, bytes])).toEqual([
      ['dense/kernel', 'float32', null, 256],
      ['half', 'float16', null, 4],
      ['bytes', 'uint8', 'quantized', 3],
    ]);
    expect(rows[0].sparsity).toBe(0.75);
    const row = Array.from({ length: 16 }, (_, input) => Number(input >= 12));
    expect(rows[0].picture?.cells).toEqual([row, row, row, row]);
    expect(rows.slice(1).map(({ picture }) => picture)).toEqual([null, null]);
  });

  it('says which file of weights is missing', async () => {
    await expectAsync(readCheckpoint(modelJson({}))).toBeRejectedWithError(
      FormatError,
      'convert: w.bin must lie beside model.json, got none',
    );
  });
});
