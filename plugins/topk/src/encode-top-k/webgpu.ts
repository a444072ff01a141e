import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebgpuKernel, WebgpuScope } from '@tfjs-sparse/core';
import { topKWebgpu } from '../top-k/webgpu.js';
import type { EncodeTopK } from './attributes.js';
import { multiply } from './multiply.js';

const blockFeatures = 16384; // whose products are in memory at a time

/** Values and features, `[rows, k]` each. */
interface Chosen {
  readonly values: TensorInfo;
  readonly indices: TensorInfo;
}

/** The features of a block are multiplied, and their greatest merged with those of the blocks before it. */
export const encodeTopKWebgpu: WebgpuKernel<EncodeTopK> = (inputs, { layout }, gpu) => {
  const { rows, features, k } = layout;
  if (rows * k === 0) return { values: gpu.zeros([0]), indices: gpu.zeros([0], 'int32') };
  let chosen: Chosen | null = null;
  for (let first = 0; first < features; first += blockFeatures) {
    const width = Math.min(blockFeatures, features - first);
    const products = multiply(gpu, inputs, rows, first, width);
    const ofBlock = topKWebgpu({ x: products }, { k: Math.min(k, width), counts: null, width }, gpu);
    gpu.dispose(products);
    chosen = chosen ? merged(gpu, chosen, ofBlock, first, k) : ofBlock;
  }
  const { values, indices } = chosen!;
  return { values: { ...values, shape: [rows * k] }, indices: { ...indices, shape: [rows * k] } };
};

/** The k greatest of both, or all; frees them. */
function merged(gpu: WebgpuScope, before: Chosen, block: Chosen, first: number, k: number): Chosen {
  const values = joined(gpu, before.values, block.values, 0);
  const features = joined(gpu, before.indices, block.indices, first);
  const width = values.shape[1];
  const best = topKWebgpu({ x: values }, { k: Math.min(k, width), counts: null, width }, gpu);
  const code = () => /* wgsl */ `
    // One thread per entry.
    fn main(index : i32) {
      if (index < uniforms.size) { result[index] = features[index / uniforms.k * uniforms.width + places[index]]; }
    }`;
  const indices = gpu.run({
    key: 'encodeTopKFeatures',
    outputShape: best.indices.shape,
    outputDtype: 'int32',
    inputs: { features, places: best.indices },
    uniforms: { width, k: best.indices.shape[1] },
    code,
  });
  for (const each of [before.values, before.indices, block.values, block.indices, values, features, best.indices]) {
    gpu.dispose(each);
  }
  return { values: best.values, indices };
}

/** Rows of a behind rows of b, to whose numbers `shift` is added. */
function joined(gpu: WebgpuScope, a: TensorInfo, b: TensorInfo, shift: number): TensorInfo {
  const [rows, width] = a.shape;
  const isInteger = a.dtype === 'int32';
  const term = isInteger ? 'b[place] + uniforms.shift' : 'b[place]';
  const code = () => /* wgsl */ `
    // One thread per element.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = index / (uniforms.width + uniforms.added);
      let column = index % (uniforms.width + uniforms.added);
      let place = row * uniforms.added + column - uniforms.width;
      if (column < uniforms.width) { result[index] = a[row * uniforms.width + column]; } else { result[index] = ${term}; }
    }`;
  return gpu.run({
    key: `encodeTopKJoined ${a.dtype}`,
    outputShape: [rows, width + b.shape[1]],
    outputDtype: isInteger ? 'int32' : 'float32',
    inputs: { a, b },
    uniforms: { width, added: b.shape[1], shift },
    code,
  });
}
