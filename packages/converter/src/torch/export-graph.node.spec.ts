import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ready, setBackend } from '@tensorflow/tfjs-core';
import { bytesSource } from '../bytes/byte-source.js';
import { goldenCases, largestError, outputsOf } from '../lowering/golden-cases-fixture.spec.js';
import { atenOpName, atenOps } from './aten/index.js';
import { exportedGraph } from './export-graph.js';
import { readExport } from './read-export.js';

// Programs of PyTorch 2.15 and what it gives for them (golden/make_aten_ops.py): as exported, and in core ops.
const path = fileURLToPath(new URL('../../golden/aten-ops/aten-ops.safetensors', import.meta.url));
const kinds = { program: 'as exported', core: 'after run_decompositions()' };
const cases = Object.entries(kinds).flatMap(([kind, words]) =>
  goldenCases(readFileSync(path), kind).map((each) => ({ ...each, words })),
);

describe('exportedGraph', () => {
  beforeAll(async () => {
    await setBackend('wasm');
    await ready();
  });

  afterAll(() => setBackend('cpu'));

  for (const { name, words, file, inputs, outputs } of cases) {
    it(`gives what PyTorch gives for ${name} ${words}`, async () => {
      const program = await readExport(bytesSource(name, file));
      const given = program.inputs
        .filter(({ kind }) => kind === 'user')
        .map((each, i) => [each.name, inputs[i]] as const);
      const got = await outputsOf(await exportedGraph(program), Object.fromEntries(given));
      expect(got.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
      expect(got.map(({ dtype }) => dtype)).toEqual(outputs.map(({ dtype }) => dtype));
      outputs.forEach((output, i) =>
        expect(largestError(got[i], output)).withContext(`output ${i}`).toBeLessThan(1e-5),
      );
    });
  }

  it('has a case of each of its ops', async () => {
    const tested = new Set<string | null>();
    for (const { name, file } of cases) {
      const { graph } = await readExport(bytesSource(name, file));
      for (const { target } of graph.nodes) tested.add(atenOpName(target));
    }
    expect(Object.keys(atenOps).filter((op) => !tested.has(op))).toEqual([]);
    expect(Object.keys(atenOps).length).toBeGreaterThanOrEqual(300);
  });
});
