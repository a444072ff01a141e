import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bytesSource } from '../bytes/byte-source.js';
import { goldenCases, largestError, outputsOf } from '../lowering/golden-cases-fixture.spec.js';
import { simplifyGraph } from '../passes/simplify-graph.js';
import { onnxGraph } from './onnx-graph.js';
import { readOnnx } from './read-onnx.js';

// Networks of PyTorch 2.15 as its two exporters write them (golden/make_onnx_networks.py).
const path = fileURLToPath(new URL('../../golden/onnx-networks.safetensors', import.meta.url));

describe('onnxGraph of whole networks', () => {
  for (const { name, file, inputs, outputs } of goldenCases(readFileSync(path), 'model')) {
    it(`gives what PyTorch gives for ${name}`, async () => {
      const graph = await onnxGraph(await readOnnx(bytesSource(name, file)));
      const got = await outputsOf(graph, { input: inputs[0] });
      expect(got.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
      outputs.forEach((output, i) => expect(largestError(got[i], output)).toBeLessThan(1e-5));
    });
  }

  it('is of products with fused biases and activations, and of no normalization', async () => {
    const [{ file }] = goldenCases(readFileSync(path), 'model').filter(({ name }) => name === 'pruned-resnet20-traced');
    const graph = await onnxGraph(await readOnnx(bytesSource('resnet20.onnx', file)));
    await simplifyGraph(graph);
    const counts = new Map<string, number>();
    for (const { op } of graph.nodes) counts.set(op, (counts.get(op) ?? 0) + 1);
    const { Const, ...others } = Object.fromEntries(counts);
    expect(Const).toBeLessThan(60);
    const products = { _FusedConv2D: 21, AddV2: 9, Relu: 9, AvgPool: 1, _FusedMatMul: 1 };
    expect(others).toEqual({ Placeholder: 1, Transpose: 1, ...products, Reshape: 1, Identity: 1 });
  });
});
