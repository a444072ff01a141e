import type { WasmKernel } from '@tfjs-sparse/core';
import { chunkOf } from '../selection/chunk-of.js';
import { binaries } from '../wasm-binaries.js';
import type { BatchTopK } from './attributes.js';

const wordBytes = 4;
const paddingBytes = 64;

export const batchTopKWasm: WasmKernel<BatchTopK> = ({ x }, { count, elements }, wasm) => {
  const values = wasm.output([count]);
  const indices = wasm.output([count], 'int32');
  if (count === 0) return { values, indices };
  const { batchTopK, batchCandidates, chunkKeyBytes } = wasm.load(binaries);
  const chunk = chunkOf(elements, count);
  const keys = wasm.scratch(chunkKeyBytes(elements, chunk));
  const candidates = wasm.scratch(batchCandidates(count) * wordBytes);
  const candidateKeys = wasm.scratch(batchCandidates(count) * wordBytes + paddingBytes);
  batchTopK(x.pointer, values.pointer, indices.pointer, keys, candidates, candidateKeys, elements, count, chunk);
  return { values, indices };
};
