import { limitsOf, type WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { ZeroSkipMatMul } from './attributes.js';

const wordBytes = 4;
const entryBytes = 2 * wordBytes;
const listedValues = 1 << 18; // of x at a time: its lists take at most 2 MB
const cachedWeights = 1 << 16; // 256 kB of weights stay in the second cache of most machines while all rows meet them
const leastOutputs = 256; // per thread: less is not worth reading the lists again

export const zeroSkipMatMulWasm: WasmKernel<ZeroSkipMatMul> = (inputs, { activation }, wasm) => {
  const { x, weights, bias, residual } = inputs;
  const [rows, inFeatures] = x.shape;
  const outFeatures = weights.shape[1];
  const y = wasm.output([rows, outFeatures]);
  const [low, high] = limitsOf(activation);
  const threads = wasm.threadCount(binaries);
  const listedRows = Math.max(Math.min(rows, Math.floor(listedValues / Math.max(inFeatures, 1))), 1);
  const ends = wasm.scratch(listedRows * wordBytes);
  const entries = wasm.scratch(listedRows * inFeatures * entryBytes);
  const cursors = wasm.scratch(threads * listedRows * wordBytes);
  const chunkOutputs = Math.max(Math.ceil(outFeatures / threads / 32) * 32, leastOutputs);
  const { listNonZeros } = wasm.load(binaries);
  for (let first = 0; first < rows; first += listedRows) {
    const count = Math.min(listedRows, rows - first);
    listNonZeros(x.pointer + first * inFeatures * wordBytes, ends, entries, count, inFeatures, outFeatures);
    const chunkInputs = count === 1 ? inFeatures : Math.ceil(cachedWeights / Math.min(chunkOutputs, outFeatures || 1));
    const outputBytes = first * outFeatures * wordBytes;
    wasm.parallel(binaries, 'zeroSkipMatMul', Math.ceil(outFeatures / chunkOutputs), {
      ends,
      entries,
      cursors,
      weights: weights.pointer,
      y: y.pointer + outputBytes,
      bias: bias?.pointer ?? 0,
      residual: residual ? residual.pointer + outputBytes : 0,
      rows: count,
      inFeatures,
      outFeatures,
      low,
      high,
      chunkInputs: Math.max(chunkInputs, 1),
      chunkOutputs,
    });
  }
  return { y };
};
