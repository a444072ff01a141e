import type { Multiply } from '../matmul/product-kernel.js';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';
import { binaries } from '../wasm-binaries.js';

const groupInputs = 4; // floats of a vector
const entryBytes = 40; // of a group, 8 outputs and one kept weight: 2 addresses, 8 weights

/** Whether the kernel for few rows can take the pattern: 1 or 2 of 4, one pattern per output. */
export function hasVectorForm({ blockOutputs, groups }: SparsityPattern): boolean {
  return blockOutputs === 1 && groups?.m === groupInputs && groups.n <= 2;
}

export const multiplyVectors: Multiply = ({ x, values, pattern, numbers }, wasm) => {
  const exports = wasm.load(binaries);
  const { inFeatures, outFeatures, columns } = pattern;
  const { n } = pattern.groups!;
  const groups = Math.ceil(inFeatures / (2 * groupInputs)) * 2; // the kernel takes two at a time
  const runs = Math.ceil(outFeatures / exports.outputsOfRun.value);
  const tableBytes = exports.takeTableBytes.value;
  const byteCount = tableBytes + runs * groups * n * entryBytes;
  const packed = wasm.packed(values, `vectors of pattern ${pattern.id}`, byteCount, (table) => {
    const kept = columns.length / outFeatures;
    const entries = table + tableBytes;
    exports.packVectorWeights(wasm.table(columns), values.pointer, table, entries, n, groups, kept, outFeatures);
  });
  const { y, bias, residual, rows, low, high } = numbers;
  wasm.parallel(binaries, 'vectorMatMul', Math.ceil(runs / exports.runsOfItem.value), {
    x: paddedRows(groups * groupInputs),
    y,
    entries: packed + tableBytes,
    bias,
    residual,
    rows,
    groups,
    outFeatures,
    n,
    low,
    high,
  });

  function paddedRows(columnCount: number): number {
    if (columnCount === inFeatures) return x.pointer;
    const pointer = wasm.scratch(numbers.rows * columnCount * Float32Array.BYTES_PER_ELEMENT);
    exports.copyRows(x.pointer, inFeatures, pointer, columnCount, numbers.rows);
    return pointer;
  }
};
