import type { WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { SampledProduct } from './attributes.js';

export const sampledProductWasm: WasmKernel<SampledProduct> = ({ x, dy }, { pattern }, wasm) => {
  const exports = wasm.load(binaries);
  const { inFeatures, outFeatures, blockOutputs, starts, columns } = pattern;
  const values = wasm.output([columns.length, blockOutputs]);
  const chunkFloats = (inFeatures + outFeatures) * exports.chunkRows.value;
  exports.sampledProduct(
    x.pointer,
    dy.pointer,
    values.pointer,
    wasm.table(starts),
    wasm.table(columns),
    x.shape[0],
    inFeatures,
    outFeatures,
    blockOutputs,
    wasm.scratch(chunkFloats * Float32Array.BYTES_PER_ELEMENT),
    wasm.scratch(columns.length * blockOutputs * Float64Array.BYTES_PER_ELEMENT),
  );
  return { values };
};
