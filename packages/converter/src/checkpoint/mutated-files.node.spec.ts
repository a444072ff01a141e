import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@tfjs-sparse/core';
import { bytesSource } from '../bytes/byte-source.js';
import { FormatError } from '../format-error.js';
import { readCheckpoint } from './read-checkpoint.js';
import { summarize } from './tensor-summary.js';

const folders = ['torch', 'onnx', 'networks'].map((name) =>
  fileURLToPath(new URL(`../../golden/${name}`, import.meta.url)),
);
const count = Number(process.env.MUTATIONS ?? 2000);
const seed = Number(process.env.MUTATION_SEED ?? 1);
const mostMs = 1000;

const groups = {
  'zip files of torch': /\.pt2?$|spconv.*\.pth$|train\.pth$/,
  'old streams of torch': /legacy\.pth$/,
  safetensors: /\.safetensors$/,
  'models of ONNX': /\.onnx$/,
};

/** Flips bits, writes numbers of interest, repeats, moves and cuts. */
function mutated(file: Uint8Array, random: () => number): Uint8Array<ArrayBuffer> {
  let bytes = Uint8Array.from(file);
  const below = (limit: number) => Math.min(limit - 1, Math.floor(random() * limit));
  const interesting = [0, 1, 0x7f, 0x80, 0xff, 0x2e, 0x28, 0x52, 0x8a];
  for (let i = 1 + below(6); i > 0 && bytes.length > 0; i--) {
    const at = below(bytes.length);
    const kind = below(6);
    if (kind === 0) bytes[at] ^= 1 << below(8);
    else if (kind === 1) bytes[at] = interesting[below(interesting.length)];
    else if (kind === 2) bytes.fill(interesting[below(interesting.length)], at, at + 1 + below(8));
    else if (kind === 3) bytes = bytes.slice(0, at);
    else if (kind === 4) bytes = new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(below(bytes.length))]);
    else bytes.copyWithin(at, below(bytes.length), below(bytes.length));
  }
  return bytes;
}

/** Reads all of it. @returns what was wrong, null for a file that could still be read */
async function outcome(bytes: Uint8Array<ArrayBuffer>, isOnnx: boolean): Promise<unknown> {
  try {
    const { tensors } = await readCheckpoint(bytesSource(isOnnx ? 'mutated.onnx' : 'mutated', bytes));
    for (const { tensor } of tensors) await summarize(tensor);
    return null;
  } catch (error) {
    return error;
  }
}

describe(`mutated checkpoints (seed ${seed})`, () => {
  for (const [name, pattern] of Object.entries(groups)) {
    it(
      `${name} are read or refused with a FormatError, within a second`,
      async () => {
        const names = folders.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
        const files = names.filter((file) => pattern.test(file)).map((file) => new Uint8Array(readFileSync(file)));
        const random = seededRandom(seed);
        let refused = 0;
        for (let i = 0; i < count; i++) {
          const bytes = mutated(files[i % files.length], random);
          const start = performance.now();
          const problem = await outcome(bytes, name === 'models of ONNX');
          const ms = performance.now() - start;
          if (problem !== null) refused++;
          if ((problem !== null && !(problem instanceof FormatError)) || ms > mostMs) {
            fail(`mutation ${i} of ${name}: ${ms.toFixed(0)} ms, ${problem instanceof Error ? problem.stack : String(problem)}`); // prettier-ignore
            return;
          }
        }
        expect(refused).toBeGreaterThan(count / 10);
        expect(refused).toBeLessThan(count);
      },
      60_000 + count * 20,
    );
  }
});
