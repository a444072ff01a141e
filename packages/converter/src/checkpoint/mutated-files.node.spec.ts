import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@tfjs-sparse/core';
import { bytesSource } from '../bytes/byte-source.js';
import { FormatError } from '../format-error.js';
import { mostMs, mutated, mutations as count, mutationSeed as seed } from './mutated-fixture.node.spec.js';
import { readCheckpoint } from './read-checkpoint.js';
import { summarize } from './tensor-summary.js';

const folders = ['torch', 'onnx', 'networks'].map((name) =>
  fileURLToPath(new URL(`../../golden/${name}`, import.meta.url)),
);

const groups = {
  'zip files of torch': /\.pt2?$|spconv.*\.pth$|train\.pth$/,
  'old streams of torch': /legacy\.pth$/,
  safetensors: /\.safetensors$/,
  'models of ONNX': /\.onnx$/,
};

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
