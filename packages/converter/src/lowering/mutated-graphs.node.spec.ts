import { readFileSync } from 'node:fs';
import { readSafetensors, seededRandom } from '@tfjs-sparse/core';
import { bytesSource } from '../bytes/byte-source.js';
import { mostMs, mutated, mutatedJson, mutations, mutationSeed } from '../checkpoint/mutated-fixture.node.spec.js';
import { FormatError } from '../format-error.js';
import { onnxGraph } from '../onnx/onnx-graph.js';
import { readOnnx } from '../onnx/read-onnx.js';
import { simplifyGraph } from '../passes/simplify-graph.js';
import { openArchive } from '../torch/archive.js';
import { readTflite } from '../tflite/read-tflite.js';
import { exportedGraph } from '../torch/export-graph.js';
import { readExport, type ExportedProgram } from '../torch/read-export.js';
import type { GivenInputs } from '../torch/script/script-inputs.js';
import { torchScriptGraph } from '../torch/script/script-graph.js';
import { goldenCases } from './golden-cases-fixture.spec.js';

const torchScript = new URL('../../golden/torchscript/torchscript.safetensors', import.meta.url);
const golden = (name: string, kind: string) =>
  goldenCases(readFileSync(new URL(`../../golden/${name}`, import.meta.url)), kind);

/** Tries all of them. @returns how many were refused */
async function refusedOf(convert: (mutation: number) => Promise<void>): Promise<number> {
  let refused = 0;
  for (let i = 0; i < mutations; i++) {
    const start = performance.now();
    try {
      await convert(i);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      refused++;
    }
    const ms = performance.now() - start;
    if (ms > mostMs) fail(`mutation ${i} took ${ms.toFixed(0)} ms`);
  }
  return refused;
}

describe(`mutated networks (seed ${mutationSeed})`, () => {
  const timeout = 60_000 + mutations * 30;

  it(
    'of ONNX are converted or refused with a FormatError, within a second',
    async () => {
      const files = golden('onnx-ops.safetensors', 'model').map(({ file }) => file);
      const random = seededRandom(mutationSeed);
      const refused = await refusedOf(async (i) => {
        const file = mutated(files[i % files.length], random);
        await simplifyGraph(await onnxGraph(await readOnnx(bytesSource('mutated.onnx', file))));
      });
      expect(refused).toBeGreaterThan(mutations / 10);
      expect(refused).toBeLessThan(mutations);
    },
    timeout,
  );

  it(
    'of TFLite are converted or refused with a FormatError, within a second',
    async () => {
      const files = golden('tflite-ops.safetensors', 'model').map(({ file }) => file);
      const random = seededRandom(mutationSeed);
      const refused = await refusedOf(async (i) => {
        await simplifyGraph(readTflite(mutated(files[i % files.length], random).buffer));
      });
      expect(refused).toBeGreaterThan(mutations / 10);
      expect(refused).toBeLessThan(mutations);
    },
    timeout,
  );

  it(
    'of torch.export are converted or refused with a FormatError, within a second',
    async () => {
      const programs: ExportedProgram[] = [];
      for (const { name, file } of golden('aten-ops/aten-ops.safetensors', 'program')) {
        programs.push(await readExport(bytesSource(`${name}.pt2`, file)));
      }
      const random = seededRandom(mutationSeed);
      const refused = await refusedOf(async (i) => {
        const { graph, inputs, outputs, ...rest } = programs[i % programs.length];
        const changed = mutatedJson({ graph, inputs, outputs }, random);
        await simplifyGraph(await exportedGraph({ ...rest, ...changed }));
      });
      expect(refused).toBeGreaterThan(mutations / 10);
      expect(refused).toBeLessThan(mutations);
    },
    timeout,
  );

  it(
    'of TorchScript are converted or refused with a FormatError, within a second',
    async () => {
      const { metadata } = readSafetensors(new Uint8Array(readFileSync(torchScript)));
      const files = golden('torchscript/torchscript.safetensors', 'script').filter(
        ({ name }) => !name.endsWith('-module'),
      );
      const random = seededRandom(mutationSeed);
      const refused = await refusedOf(async (i) => {
        const { name, file } = files[i % files.length];
        const source = bytesSource('mutated.pt', file);
        const archive = await openArchive(source);
        const code = archive.names.filter((each) => each.endsWith('.py'));
        const changed = code[Math.floor(random() * code.length)];
        const entry = archive.entry(changed);
        const bytes = mutated(await entry.read(0, entry.size), random);
        const read = async (start: number, length: number) => bytes.slice(start, start + length);
        const other = (each: string) =>
          each === changed ? { name: each, size: bytes.length, read } : archive.entry(each);
        const inputs = metadata.has(name) ? (JSON.parse(metadata.get(name)!) as GivenInputs) : {};
        await simplifyGraph(await torchScriptGraph(source, { names: archive.names, entry: other }, inputs));
      });
      expect(refused).toBeGreaterThan(mutations / 10);
      expect(refused).toBeLessThan(mutations);
    },
    timeout,
  );
});
