import type { WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { SampledProductAttrs } from './op.js';

interface SampledProductExports {
  readonly chunkRows: WebAssembly.Global;
  sampledProduct(
    x: number,
    dy: number,
    values: number,
    starts: number,
    columns: number,
    rows: number,
    inFeatures: number,
    outFeatures: number,
    blockOutputs: number,
    scratch: number,
  ): void;
}

export const sampledProductWasm: WasmKernel<'x' | 'dy', SampledProductAttrs> = ({ x, dy }, { pattern }, wasm) => {
  const exports = wasm.load<SampledProductExports>(binaries);
  const { inFeatures, outFeatures, blockOutputs, starts, columns } = pattern;
  const values = wasm.output([columns.length, blockOutputs]);
  const chunkRows = exports.chunkRows.value as number;
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
    wasm.scratch((inFeatures + outFeatures) * chunkRows * Float32Array.BYTES_PER_ELEMENT),
  );
  return values;
};
