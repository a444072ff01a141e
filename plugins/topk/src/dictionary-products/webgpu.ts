import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebgpuKernel, WebgpuScope } from '@tfjs-sparse/core';
import type { EntryLayout } from '../k-sparse/entry-layout.js';
import type { DictionaryGradient, FeatureSums, SparseDecode, SparseEncode } from './attributes.js';
import { entriesCode, layoutKey, layoutUniforms, rowOfCode } from './entries-code.js';

export const sparseDecodeWebgpu: WebgpuKernel<SparseDecode> = (inputs, { layout }, gpu) => {
  const { values, indices, dictionary, bias } = inputs;
  const width = dictionary.shape[1];
  const outputShape = [layout.rows, width];
  const entries = indices.shape[0];
  if (layout.rows * width === 0) return { y: gpu.zeros(outputShape) };
  const code = () => /* wgsl */ `
    ${entriesCode(layout)}
    // One thread per column of one row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = index / uniforms.width;
      let column = index % uniforms.width;
      let end = firstOf(row + 1);
      var sum = ${bias ? 'bias[column]' : '0.0'};
      for (var first = firstOf(row); first < end; first += 32) {
        var part = 0.0; // sums of sums: float32 loses less so
        for (var entry = first; entry < min(first + 32, end); entry++) {
          let feature = featureOf(entry, row);
          if (feature >= 0) { part += values[entry] * dictionary[feature * uniforms.width + column]; }
        }
        sum += part;
      }
      result[index] = sum;
    }`;
  if (entries * layout.features === 0) return { y: biasRows(gpu, bias, outputShape) };
  const program = {
    key: `sparseDecode ${layoutKey(layout)} ${bias ? 'bias' : ''}`,
    outputShape,
    inputs: { values, indices, dictionary, ...(bias && { bias }) },
    uniforms: { ...layoutUniforms(layout, entries), width },
    code,
  };
  return { y: gpu.run(program) };
};

/** The bias in every row, where there are no entries: empty tensors cannot be bound. */
function biasRows(gpu: WebgpuScope, bias: TensorInfo | undefined, outputShape: readonly number[]): TensorInfo {
  if (!bias) return gpu.zeros(outputShape);
  const code = () => /* wgsl */ `
    // One thread per element.
    fn main(index : i32) {
      if (index < uniforms.size) { result[index] = bias[index % uniforms.width]; }
    }`;
  return gpu.run({ key: 'biasRows', outputShape, inputs: { bias }, uniforms: { width: outputShape[1] }, code });
}

export const sparseEncodeWebgpu: WebgpuKernel<SparseEncode> = (inputs, { layout }, gpu) => {
  const { x, dictionary, indices, bias } = inputs;
  const width = dictionary.shape[1];
  const outputShape = indices.shape;
  const entries = indices.shape[0];
  if (entries * layout.features === 0) return { values: gpu.zeros(outputShape) };
  const operands = width > 0 ? { x, dictionary } : { x: indices, dictionary: indices }; // an empty tensor cannot be bound
  const code = () => /* wgsl */ `
    ${entriesCode(layout)}
    // One thread per entry.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = rowOf(index);
      let feature = featureOf(index, row);
      var sum = 0.0;
      if (feature >= 0) {
        ${bias ? 'sum = bias[feature];' : ''}
        for (var first = 0; first < uniforms.width; first += 32) {
          var part = 0.0; // sums of sums: float32 loses less so
          for (var column = first; column < min(first + 32, uniforms.width); column++) {
            part += x[row * uniforms.width + column] * dictionary[feature * uniforms.width + column];
          }
          sum += part;
        }
      }
      result[index] = sum;
    }`;
  const program = {
    key: `sparseEncode ${layoutKey(layout)} ${bias ? 'bias' : ''}`,
    outputShape,
    inputs: { ...operands, indices, ...(bias && { bias }) },
    uniforms: { ...layoutUniforms(layout, entries), width },
    code,
  };
  return { values: gpu.run(program) };
};

export const dictionaryGradientWebgpu: WebgpuKernel<DictionaryGradient> = ({ values, indices, x }, { layout }, gpu) => {
  const width = x.shape[1];
  const outputShape = [layout.features, width];
  const entries = indices.shape[0];
  if (layout.features * width * entries === 0) return { gradient: gpu.zeros(outputShape) };
  const { first, next } = linkEntries(gpu, indices, layout);
  const code = () => /* wgsl */ `
    ${rowOfCode(layout)}
    // One thread per column of one feature.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let column = index % uniforms.width;
      ${linkedSumCode('index / uniforms.width', 'values[entry] * x[rowOf(entry) * uniforms.width + column]')}
    }`;
  const gradient = gpu.run({
    key: `dictionaryGradient ${layoutKey(layout)}`,
    outputShape,
    inputs: { values, x, first, next, ...(layout.k === null && { indices }) },
    uniforms: { ...layoutUniforms(layout, entries), width },
    code,
  });
  gpu.dispose(first);
  gpu.dispose(next);
  return { gradient };
};

export const featureSumsWebgpu: WebgpuKernel<FeatureSums> = ({ values, indices }, { layout }, gpu) => {
  const outputShape = [layout.features];
  if (layout.features * indices.shape[0] === 0) return { sums: gpu.zeros(outputShape) };
  const { first, next } = linkEntries(gpu, indices, layout);
  const code = () => /* wgsl */ `
    // One thread per feature.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      ${linkedSumCode('index', 'values[entry]')}
    }`;
  const sums = gpu.run({ key: 'featureSums', outputShape, inputs: { values, first, next }, code });
  gpu.dispose(first);
  gpu.dispose(next);
  return { sums };
};

/** WGSL: the sum of a term over the entries of a feature, of sums of 1024, of sums of 32: float32 loses less so. */
function linkedSumCode(feature: string, term: string): string {
  return /* wgsl */ `
      var sum = 0.0;
      var entry = first[${feature}];
      while (entry >= 0) {
        var block = 0.0;
        for (var i = 0; i < 32 && entry >= 0; i++) {
          var part = 0.0;
          for (var j = 0; j < 32 && entry >= 0; j++) {
            part += ${term};
            entry = next[entry];
          }
          block += part;
        }
        sum += block;
      }
      result[index] = sum;`;
}

/** The first entry of each feature and the next one of each entry, -1 where there is none: lists in the entries' order. */
function linkEntries(gpu: WebgpuScope, indices: TensorInfo, layout: EntryLayout): Record<'first' | 'next', TensorInfo> {
  const entries = indices.shape[0];
  const search = (wanted: string, start: string) => () => /* wgsl */ `
    ${entriesCode(layout)}
    // One thread per element: it looks through the entries until one has its feature.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let wanted = ${wanted};
      var entry = ${start};
      while (entry < uniforms.entries && featureOf(entry, rowOf(entry)) != wanted) { entry++; }
      result[index] = select(-1, entry, entry < uniforms.entries && wanted >= 0);
    }`;
  const program = {
    outputDtype: 'int32',
    inputs: { indices },
    uniforms: layoutUniforms(layout, entries),
  } as const;
  const key = layoutKey(layout);
  return {
    first: gpu.run({
      ...program,
      key: `firstEntries ${key}`,
      outputShape: [layout.features],
      code: search('index', '0'),
    }),
    next: gpu.run({
      ...program,
      key: `nextEntries ${key}`,
      outputShape: [entries],
      code: search('featureOf(index, rowOf(index))', 'index + 1'),
    }),
  };
}
