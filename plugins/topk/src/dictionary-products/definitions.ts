import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { columnSums, runOp, type OpDefinition } from '@tfjs-sparse/core';
import { gatherFeatures } from './gather-features.js';
import type { DictionaryGradient, FeatureSums, SparseDecode, SparseEncode } from './attributes.js';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

// Decoding and encoding of entries are each other's transposes, and the gradient of the dictionary is the third product of
// the same three factors: each is the gradient of the other two.

export const sparseDecodeOp: OpDefinition<SparseDecode> = {
  name: 'SparseDecode',
  inputs: { values: 'float32', indices: 'int32', dictionary: 'float32', bias: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: cpu.sparseDecodeCpu, wasm: wasm.sparseDecodeWasm, webgpu: webgpu.sparseDecodeWebgpu },
  gradient: {
    save: ['values', 'indices', 'dictionary'],
    gradients: ({ y }, { values, indices, dictionary }, { layout }) => ({
      values: () => runOp(sparseEncodeOp, { x: y, dictionary, indices }, { layout }).values,
      dictionary: () => runOp(dictionaryGradientOp, { values, indices, x: y }, { layout }).gradient,
      bias: () => columnSums(y as Tensor2D),
    }),
  },
};

export const sparseEncodeOp: OpDefinition<SparseEncode> = {
  name: 'SparseEncode',
  inputs: { x: 'float32', dictionary: 'float32', indices: 'int32', bias: 'float32' },
  outputs: { values: 'float32' },
  kernels: { cpu: cpu.sparseEncodeCpu, wasm: wasm.sparseEncodeWasm, webgpu: webgpu.sparseEncodeWebgpu },
  gradient: {
    save: ['x', 'dictionary', 'indices'],
    gradients: ({ values }, { x, dictionary, indices }, { layout }) =>
      encodeGradients(values, x, dictionary, indices, layout),
  },
};

/** Of `x * dictionary + bias` at the entries, whichever way these were chosen. */
export function encodeGradients(
  values: Tensor,
  x: Tensor,
  dictionary: Tensor,
  indices: Tensor,
  layout: SparseEncode['attrs']['layout'],
): Record<'x' | 'dictionary' | 'bias', () => Tensor> {
  return {
    x: () => runOp(sparseDecodeOp, { values, indices, dictionary }, { layout }).y,
    dictionary: () => runOp(dictionaryGradientOp, { values, indices, x }, { layout }).gradient,
    bias: () => runOp(featureSumsOp, { values, indices }, { layout }).sums,
  };
}

const dictionaryGradientOp: OpDefinition<DictionaryGradient> = {
  name: 'SparseDictionaryGradient',
  inputs: { values: 'float32', indices: 'int32', x: 'float32' },
  outputs: { gradient: 'float32' },
  kernels: {
    cpu: cpu.dictionaryGradientCpu,
    wasm: wasm.dictionaryGradientWasm,
    webgpu: webgpu.dictionaryGradientWebgpu,
  },
  gradient: {
    save: ['values', 'indices', 'x'],
    gradients: ({ gradient: dictionary }, { values, indices, x }, { layout }) => ({
      values: () => runOp(sparseEncodeOp, { x, dictionary, indices }, { layout }).values,
      x: () => runOp(sparseDecodeOp, { values, indices, dictionary }, { layout }).y,
    }),
  },
};

const featureSumsOp: OpDefinition<FeatureSums> = {
  name: 'SparseFeatureSums',
  inputs: { values: 'float32', indices: 'int32' },
  outputs: { sums: 'float32' },
  kernels: { cpu: cpu.featureSumsCpu, wasm: wasm.featureSumsWasm, webgpu: webgpu.featureSumsWebgpu },
  gradient: {
    save: ['indices'],
    gradients: ({ sums }, { indices }, { layout }) => ({ values: () => gatherFeatures(sums, indices, layout) }),
  },
};
