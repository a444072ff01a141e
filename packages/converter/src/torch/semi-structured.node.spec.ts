import { readFileSync } from 'node:fs';
import { bytesSource } from '../bytes/byte-source.js';
import { readCheckpoint } from '../checkpoint/read-checkpoint.js';
import { summarize } from '../checkpoint/tensor-summary.js';
import { FormatError } from '../format-error.js';

const open = (name: string) => {
  const bytes = readFileSync(new URL(`../../golden/semi-structured/${name}.pt`, import.meta.url));
  return readCheckpoint(bytesSource(`${name}.pt`, new Uint8Array(bytes)));
};

describe('2:4 weights that torch has packed', () => {
  it('unpack to what torch makes of them, in every type', async () => {
    const [packed, dense] = [await open('cutlass'), await open('dense')];
    expect(packed.tensors.map(({ path }) => path)).toEqual(['half', 'bfloat16', 'float', 'int8']);
    for (const [i, { tensor }] of packed.tensors.entries()) {
      expect(await summarize(tensor)).toEqual(await summarize(dense.tensors[i].tensor));
    }
  });

  it('are refused where cuSPARSELt packed them, with what to save instead', async () => {
    await expectAsync(open('cusparselt')).toBeRejectedWithError(
      FormatError,
      'readTorch: a 2:4 weight must be saved dense (weight.to_dense()), got one that cuSPARSELt has packed',
    );
  });
});
