import { readFileSync } from 'node:fs';
import { bytesSource } from '../bytes/byte-source.js';
import { FormatError } from '../format-error.js';
import { readCheckpoint } from './read-checkpoint.js';
import { summarize } from './tensor-summary.js';

const open = (name: string, change: (bytes: Uint8Array<ArrayBuffer>) => void = () => {}) => {
  const bytes = new Uint8Array(readFileSync(new URL(`../../golden/bitmask/${name}.safetensors`, import.meta.url)));
  change(bytes);
  return readCheckpoint(bytesSource(`${name}.safetensors`, bytes));
};

describe('weights of compressed-tensors', () => {
  it('unpack to what compressed-tensors makes of them, 2:4 and unstructured', async () => {
    const [packed, dense] = [await open('model'), await open('dense')];
    expect(packed.tensors.map(({ path }) => path).sort()).toEqual(dense.tensors.map(({ path }) => path).sort());
    for (const { path, tensor } of dense.tensors) {
      const found = packed.tensors.find((each) => each.path === path)!;
      expect(await summarize(found.tensor))
        .withContext(path)
        .toEqual(await summarize(tensor));
    }
  });

  it('are refused where bits and values are of different numbers', async () => {
    const { tensors } = await open('model', (bytes) => (bytes[bytes.length - 1] ^= 1)); // of the last bitmask
    const results = await Promise.allSettled(tensors.map(({ tensor }) => summarize(tensor)));
    const reasons = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as Error);
    expect(reasons.length).toBe(1);
    expect(reasons[0]).toBeInstanceOf(FormatError);
    expect(reasons[0].message).toMatch(/as many bits must be set as there are values/);
  });
});
