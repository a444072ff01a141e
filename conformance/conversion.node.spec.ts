import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { bytesSource, compareOutputs, convertFile, runSavedModel } from '@tfjs-sparse/converter/checkpoints';
import { readSafetensors } from '@tfjs-sparse/core';
import { converterPlugin as sparseConv } from '@tfjs-sparse/sparse-conv/convert';
import { converterPlugin as sparseMatMul } from '@tfjs-sparse/sparse-matmul/convert';
import { converterPlugin as topK } from '@tfjs-sparse/topk/convert';
import { converterPlugin as windowAttention } from '@tfjs-sparse/window-attention/convert';

const plugins = [sparseConv, sparseMatMul, topK, windowAttention];
// Small networks in published layouts, and what PyTorch gives for them (make_architectures.py there).
const folder = new URL('../../packages/converter/golden/architectures/', import.meta.url);
const contentsOf = (file: string) => new Uint8Array(readFileSync(new URL(file, folder)));
const inputNames = ['coords', 'features', 'image', 'x'];

/** What no weight says of networks that are smaller than published ones, and the grids of their sites. */
const settingsOf: Readonly<Record<string, Record<string, unknown>>> = {
  ptv3: { encoderHeads: [2, 4, 3], decoderHeads: [2, 2], patchSize: 16 },
  litept: { encoderHeads: [1, 2, 1], decoderHeads: [1, 1], patchSize: 16 },
  'dsvt-voxels': { windowSizes: [[8, 8, 6], [2, 8, 6]], hybridFactor: [1, 1, 2], shift: [0, 4, 3], setSize: 16, poolSizes: [[4, 2, 1]] }, // prettier-ignore
};
const gridOf: Readonly<Record<string, readonly number[]>> = {
  'second-residual': [41, 20, 24],
  'second-spconv1': [41, 20, 24],
  'second-spconv2': [41, 20, 24],
  voxelnext: [41, 56, 48],
};

describe('convertFile of state dicts', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.pt'))) {
    const name = file.slice(0, -'.pt'.length);
    it(`saves a model of ${name} that gives what PyTorch gives`, async () => {
      const settings = settingsOf[name];
      const before = tf.memory().numTensors;
      const { artifacts } = await convertFile(bytesSource(file, contentsOf(file)), { plugins, settings });
      const { tensors } = readSafetensors(contentsOf(`${name}.safetensors`));
      const inputs = new Map([...tensors].filter(([key]) => inputNames.includes(key)));
      const wanted = new Map([...tensors].filter(([key]) => !inputNames.includes(key)));
      const made = await runSavedModel(artifacts, inputs, gridOf[name]);
      const errors = compareOutputs(made, wanted, inputs).map(({ maxError }) => maxError);
      expect(errors.length).toBe(wanted.size - Number(wanted.has('sites')));
      expect(Math.max(...errors)).toBeLessThan(1e-5);
      expect(tf.memory().numTensors).withContext('tensors left behind').toBe(before);
    });
  }

  it('has golden networks', () => expect(existsSync(folder)).toBeTrue());
});

/** Files of networks with tensors that others were given, and what they gave. */
const networks = [
  { golden: 'onnx-networks.safetensors', kind: 'model', ending: '.onnx', other: 'PyTorch' },
  { golden: 'aten-ops/aten-ops.safetensors', kind: 'program', ending: '.pt2', other: 'PyTorch' },
  { golden: 'tflite-ops.safetensors', kind: 'model', ending: '.tflite', other: 'LiteRT' },
  { golden: 'tflite-networks.safetensors', kind: 'model', ending: '.tflite', other: 'LiteRT' },
];
const rounded = /^(resnet|keywords)-int8$/; // LiteRT rounds between its layers

describe('convertFile of networks, with the kernels of all plugins', () => {
  for (const { golden, kind, ending, other } of networks) {
    const { tensors } = readSafetensors(new Uint8Array(readFileSync(new URL(`../${golden}`, folder))));
    for (const [path, { values }] of tensors) {
      if (!path.endsWith(`/${kind}`)) continue;
      const name = path.slice(0, -kind.length - 1);
      if (rounded.test(name)) continue;
      const sideOf = (side: string) =>
        [...tensors].filter(([key]) => key.startsWith(`${name}/${side}_`)).map(([, tensor]) => tensor);
      it(`${name}${ending} gives what ${other} gives`, async () => {
        const before = tf.memory().numTensors;
        const file = bytesSource(`${name}${ending}`, (values as Uint8Array).slice());
        const { artifacts, inputs, outputs } = await convertFile(file, { plugins });
        const given = new Map(inputs.map((input, i) => [input, sideOf('input')[i]]));
        const wanted = new Map(outputs.map((output, i) => [output, sideOf('output')[i]]));
        const errors = compareOutputs(await runSavedModel(artifacts, given), wanted, given);
        expect(errors.length).toBe(sideOf('output').length);
        expect(Math.max(...errors.map(({ maxError }) => maxError))).toBeLessThan(1e-5);
        expect(tf.memory().numTensors).withContext('tensors left behind').toBe(before);
      });
    }
  }
});

describe('the kernels of converted networks', () => {
  const { tensors } = readSafetensors(new Uint8Array(readFileSync(new URL('../onnx-networks.safetensors', folder))));
  const kernelsOf = async (name: string) => {
    const file = bytesSource(`${name}.onnx`, (tensors.get(`${name}/model`)!.values as Uint8Array).slice());
    const { report } = await convertFile(file, { plugins });
    return report.flatMap(({ kernel }) => kernel ?? []);
  };
  for (const way of ['traced', 'exported']) {
    it(`are those of pruned products, of a transformer's layers and of k-sparse rows (${way})`, async () => {
      const layer = ['sparseMatMul', 'layerNorm', 'sparseMatMul', 'gelu', 'sparseMatMul', 'layerNorm'];
      expect(await kernelsOf(`pruned-encoder-${way}`)).toEqual([...layer, ...layer, 'sparseMatMul']);
      expect(await kernelsOf(`topk-sae-${way}`)).toEqual(['kSparseToDense', 'sparseDecode']);
      expect(await kernelsOf(`two-of-four-mlp-${way}`)).toEqual(['nmMatMul', 'nmMatMul', 'gelu', 'nmMatMul']);
    });
  }
});
