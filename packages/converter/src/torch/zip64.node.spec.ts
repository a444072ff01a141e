import { readFileSync } from 'node:fs';
import { bytesSource } from '../bytes/byte-source.js';
import { readCheckpoint } from '../checkpoint/read-checkpoint.js';

const folder = new URL('../../golden/architectures/', import.meta.url);

describe('zip files of torch, which have a zip64 directory that they do not need', () => {
  it('are read where the first record is as long as the zip64 ones (a name of 21 letters)', async () => {
    const name = 'resnet-cifar-shortcut';
    expect(name.length).toBe(21);
    const file = new Uint8Array(readFileSync(new URL(`${name}.pt`, folder)));
    const { tensors } = await readCheckpoint(bytesSource(name, file));
    expect(tensors[0].path).toBe('conv1.weight');
  });
});
