import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bytesSource } from '../bytes/byte-source.js';
import { goldenCases, largestError, outputsOf } from '../lowering/golden-cases-fixture.spec.js';
import { onnxGraph } from './onnx-graph.js';
import { onnxOps } from './ops/index.js';
import { readOnnx } from './read-onnx.js';

// The tests of ONNX itself (golden/make_onnx_ops.py).
const path = fileURLToPath(new URL('../../golden/onnx-ops.safetensors', import.meta.url));
const cases = goldenCases(readFileSync(path), 'model');

describe('onnxGraph', () => {
  for (const { name, file, inputs, outputs } of cases) {
    it(`gives what ${name} gives`, async () => {
      const model = await readOnnx(bytesSource(name, file));
      const given = model.graph.inputs.map((each) => each.name!).filter((each) => !model.weights.has(each));
      const named = Object.fromEntries(given.map((each, i) => [each, inputs[i]]));
      const got = await outputsOf(await onnxGraph(model), named);
      expect(got.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
      outputs.forEach((output, i) => expect(largestError(got[i], output)).toBeLessThan(1e-5));
    });
  }

  it('has a case of each of its operators', async () => {
    const tested = new Set<string>();
    for (const { name, file } of cases) {
      const { graph } = await readOnnx(bytesSource(name, file));
      for (const { op = '' } of graph.nodes) tested.add(op);
    }
    expect(Object.keys(onnxOps).filter((op) => !tested.has(op))).toEqual([]);
    expect(tested.size).toBeGreaterThanOrEqual(130);
  });
});
