import type { WasmTensor } from '@tfjs-sparse/core';
import type { Multiply } from '../matmul/wasm.js';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';
import { binaries } from '../wasm-binaries.js';

interface VectorExports {
  readonly outputsOfRun: WebAssembly.Global;
  readonly runsOfItem: WebAssembly.Global;
  readonly takeTableBytes: WebAssembly.Global;
  packVectorWeights(
    columns: number,
    values: number,
    table: number,
    entries: number,
    n: number,
    groups: number,
    kept: number,
    outFeatures: number,
  ): void;
  copyPadded(from: number, columns: number, to: number, paddedColumns: number, rows: number): void;
}

const groupInputs = 4; // floats of a vector
const entryBytes = 40; // of a group, 8 outputs and one kept weight: 2 addresses, 8 weights

/** Whether the kernel for few rows can take the pattern: 1 or 2 of 4, one pattern per output. */
export function hasVectorForm({ blockOutputs, groups }: SparsityPattern): boolean {
  return blockOutputs === 1 && groups?.m === groupInputs && groups.n <= 2;
}

export const multiplyVectors: Multiply = (x, values, y, bias, limits, pattern, wasm) => {
  const exports = wasm.load<VectorExports>(binaries);
  const { inFeatures, outFeatures, columns } = pattern;
  const { n } = pattern.groups!;
  const groups = Math.ceil(inFeatures / (2 * groupInputs)) * 2; // the kernel takes two at a time
  const runs = Math.ceil(outFeatures / (exports.outputsOfRun.value as number));
  const tableBytes = exports.takeTableBytes.value as number;
  const byteCount = tableBytes + runs * groups * n * entryBytes;
  const packed = wasm.packed(values, `vectors of pattern ${pattern.id}`, byteCount, (table) => {
    const kept = columns.length / outFeatures;
    const entries = table + tableBytes;
    exports.packVectorWeights(wasm.table(columns), values.pointer, table, entries, n, groups, kept, outFeatures);
  });
  const rows = x.shape[0];
  const padded = paddedRows(x, inFeatures, groups * groupInputs);
  const operands = [padded, y.pointer, packed + tableBytes, bias, rows, groups, outFeatures, n];
  wasm.parallel(binaries, 'vectorMatMul', Math.ceil(runs / (exports.runsOfItem.value as number)), [
    ...operands,
    ...limits,
  ]);

  function paddedRows(source: WasmTensor, from: number, to: number): number {
    if (from === to) return source.pointer;
    const pointer = wasm.scratch(rows * to * Float32Array.BYTES_PER_ELEMENT);
    exports.copyPadded(source.pointer, from, pointer, to, rows);
    return pointer;
  }
};
