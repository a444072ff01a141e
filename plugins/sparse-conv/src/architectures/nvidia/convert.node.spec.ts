import { readFileSync } from 'node:fs';
import {
  bytesSource,
  compareOutputs,
  convertFile,
  readOnnx,
  runSavedModel,
  type OnnxModel,
} from '@tfjs-sparse/converter/checkpoints';
import * as tf from '@tensorflow/tfjs';
import { sparseTensor, type SafetensorsTensor, type SparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { converterPlugin } from '../../convert.js';
import { nvidiaNetwork } from './convert.js';

// Networks in the dialect of 3DSparseConvolution's exporters with seeded weights; outputs in float64 by a program of its own.
const golden = new URL('../../../../../packages/converter/golden/torch/', import.meta.url);
const contentsOf = (file: string) => new Uint8Array(readFileSync(new URL(file, golden)));
const sourceOf = (name: string) => bytesSource(`${name}.onnx`, contentsOf(`nvidia_scn_like.${name}.onnx`));

/** What the network was given, and what it gave. */
function expectedOf(name: string) {
  const text = new TextDecoder().decode(contentsOf(`nvidia_scn_like.${name}.onnx.expected.json`));
  const { features, indices, output, output_shape: shape } = JSON.parse(text) as Record<'features' | 'indices', number[][]> & Record<'output' | 'output_shape', number[]>; // prettier-ignore
  const rows = (values: number[][]) => [values.length, values[0].length];
  const tensors = new Map<string, SafetensorsTensor>([
    ['features', { dtype: 'F32', shape: rows(features), values: Float32Array.from(features.flat()) }],
    ['coords', { dtype: 'I32', shape: rows(indices), values: Int32Array.from(indices.flat()) }],
  ]);
  const wanted = new Map<string, SafetensorsTensor>([['output', { dtype: 'F32', shape, values: Float32Array.from(output) }]]); // prettier-ignore
  return { tensors, wanted };
}

function rowsOf({ values, shape: [count, width] }: SafetensorsTensor): number[][] {
  return Array.from({ length: count }, (_, row) => Array.from(values.slice(row * width, (row + 1) * width), Number));
}

describe("NVIDIA's nodes of sparse convolutions", () => {
  const cells = { xyz: [10, 12, 13], zyx: [13, 12, 10] };
  for (const [name, spatialShape] of Object.entries(cells)) {
    it(`become a model on sites that gives the same (${name})`, async () => {
      const { artifacts, inputs, notes } = await convertFile(sourceOf(name), { plugins: [converterPlugin] });
      expect(inputs).toEqual(['features', 'coords']);
      expect(notes).toEqual([
        `SparseConvolution nodes of NVIDIA's Lidar_AI_Solution, on a grid of ${spatialShape.join(' x ')} cells`,
      ]);
      const { tensors, wanted } = expectedOf(name);
      const [{ shape, maxError }] = compareOutputs(
        await runSavedModel(artifacts, tensors, spatialShape),
        wanted,
        tensors,
      );
      expect(shape).toEqual([1, 12, 5, 6]);
      expect(maxError).toBeLessThan(1e-6);
    });
  }

  describe('of a changed file', () => {
    let model: OnnxModel;
    const attribute = (node: number, name: string) =>
      model.graph.nodes[node].attributes.find((each) => each.name === name)!;

    beforeEach(async () => {
      model = await readOnnx(sourceOf('xyz'));
    });

    it('go back to the sites of the convolution whose rulebook an inverse one names', async () => {
      model.graph.nodes.splice(2);
      model.graph.outputs[0].name = '2';
      for (const node of [0, 1]) {
        attribute(node, 'subm').int = 0n;
        attribute(node, 'stride').ints = [2n, 2n, 2n];
      }
      attribute(1, 'inverse').int = 1n;
      const built = await nvidiaNetwork.build(model);
      const { tensors } = expectedOf('xyz');
      const x = sparseTensor(tf.ones([60, 4]), rowsOf(tensors.get('coords')!), { spatialShape: [10, 12, 13] });
      const y = predict(built, x) as SparseTensor;
      expect([...y.map.coordinates]).toEqual([...x.map.coordinates]);
      expect(y.features.shape).toEqual([60, 8]);
      built.dispose();
    });

    async function expectRefused(message: string) {
      await expectAsync(nvidiaNetwork.build(model)).toBeRejectedWithError(RangeError, `nvidia: ${message}`);
    }

    it('are refused with all other nodes named at once', async () => {
      model.graph.nodes[3].op = 'Mul';
      model.graph.nodes[8].op = 'Softmax';
      const known = 'SparseConvolution, ScatterDense, Add, Relu, Transpose, Reshape';
      await expectRefused(`nodes must be of ${known}, got Mul, Softmax`);
    });

    it('are refused with a weight that is not that of the kernel', async () => {
      attribute(1, 'kernel_size').ints = [3n, 3n, 1n];
      await expectRefused('the weight of conv1 must have the shape [8,3,3,1,8], got [8, 3, 3, 3, 8]');
    });

    it('are refused with sums of features on different sites', async () => {
      model.graph.nodes[3].inputs[1] = '6';
      model.graph.nodes.splice(3, 0, ...model.graph.nodes.splice(5, 1));
      model.graph.nodes[3].inputs[0] = '3';
      await expectRefused('Add must be of features on the same sites, got add0');
    });

    it('are refused with an inverse of what is not there, an order that is none, and an output that nobody gives', async () => {
      attribute(6, 'inverse').int = 1n;
      attribute(6, 'rulebook').text = new TextEncoder().encode('subm9');
      await expectRefused('an inverse SparseConvolution must name the rulebook of one before it, got subm9');
      attribute(6, 'inverse').int = 0n;
      attribute(8, 'dims').ints = [0n, 1n, 1n, 2n, 3n];
      await expectRefused('Transpose must have the order of axes as dims, the first 0, got [0, 1, 1, 2, 3]');
      attribute(8, 'dims').ints = [0n, 1n, 4n, 2n, 3n];
      model.graph.outputs[0].name = '11';
      await expectRefused('a node must give the output, got 11');
    });
  });
});
