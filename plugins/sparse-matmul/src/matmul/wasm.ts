import { limitsOf, type WasmKernel, type WasmScope, type WasmTensor } from '@tfjs-sparse/core';
import { hasVectorForm, multiplyVectors } from '../nm-matmul/wasm.js';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';
import { binaries } from '../wasm-binaries.js';
import type { PatternMatMul } from './attributes.js';
import { paddedBias } from './padded-bias.js';
import type { Multiply } from './product-kernel.js';

const floatBytes = Float32Array.BYTES_PER_ELEMENT;
const panelRows = 4; // rows that the kernel for blocks of 8 outputs holds in registers
const mostSingleRows = 2; // more rows are faster in a tile of 8 (bench sparse-matmul)
const chunkBytes = 8192; // of x: a quarter of the nearest cache of most machines

export const patternMatMulWasm: WasmKernel<PatternMatMul> = (
  { x, values, bias, residual },
  { pattern, activation },
  wasm,
) => {
  const { inFeatures, outFeatures } = pattern;
  const rows = x.shape[0];
  const y = wasm.output([rows, outFeatures]);
  const [low, high] = limitsOf(activation);
  const numbers = {
    x: x.pointer,
    y: y.pointer,
    bias: paddedBias(bias, Math.ceil(outFeatures / 8) * 8, wasm),
    residual: residual?.pointer ?? 0,
    rows,
    inFeatures,
    outFeatures,
    low,
    high,
  };
  chooseProduct(rows, pattern)({ x, values, pattern, numbers }, wasm);
  return { y };
};

function chooseProduct(rows: number, pattern: SparsityPattern): Multiply {
  if (rows <= mostSingleRows) return hasVectorForm(pattern) ? multiplyVectors : multiplyRows;
  return pattern.blockOutputs === 8 ? multiplyPanels : multiplyTiles;
}

// The numbers are written out: to copy an object and add to it takes as long as a small product.

const multiplyTiles: Multiply = ({ values, pattern, numbers }, wasm) => {
  const { x, y, bias, residual, rows, inFeatures, outFeatures, low, high } = numbers;
  const { width, counts, entries, tiles } = tileOperands(values, pattern, wasm);
  wasm.parallel(binaries, 'tileMatMul', Math.ceil(rows / width), {
    x,
    y,
    counts,
    entries,
    bias,
    residual,
    rows,
    inFeatures,
    outFeatures,
    blockOutputs: pattern.blockOutputs,
    low,
    high,
    tiles,
  });
};

/** Packed weights and scratch for kernels that multiply tiles of `width` rows. */
export function tileOperands(values: WasmTensor, pattern: SparsityPattern, wasm: WasmScope) {
  const exports = wasm.load(binaries);
  const { inFeatures, blockOutputs, starts, columns, blockCount } = pattern;
  const width = exports.tileRows(blockOutputs);
  const blockRows = starts.length - 1;
  const countBytes = blockRows * Math.max(Math.ceil(inFeatures / exports.tileColumns(blockOutputs)), 1) * floatBytes;
  const entryBytes = blockCount * (1 + blockOutputs) * floatBytes;
  const counts = wasm.packed(values, `tiles of pattern ${pattern.id}`, countBytes + entryBytes, (pointer) =>
    exports.packTileWeights(
      wasm.table(starts),
      wasm.table(columns),
      values.pointer,
      pointer,
      pointer + countBytes,
      wasm.scratch(blockRows * floatBytes),
      inFeatures,
      blockRows,
      blockOutputs,
    ),
  );
  const tileBytes = (inFeatures + exports.groupOutputs.value) * width * floatBytes;
  const tiles = wasm.scratch(wasm.threadCount(binaries) * tileBytes);
  return { counts, entries: counts + countBytes, width, tiles };
}

const multiplyPanels: Multiply = ({ values, pattern, numbers }, wasm) => {
  const { x, y, bias, residual, rows, inFeatures, outFeatures, low, high } = numbers;
  const entries = packedEntries('panels', values, pattern, panelRows * floatBytes, wasm);
  const threads = wasm.threadCount(binaries);
  const chunkRows = rowsOfChunk(rows, inFeatures, threads);
  const columns = wasm.scratch(threads * chunkRows * inFeatures * floatBytes);
  wasm.parallel(binaries, 'panelMatMul', Math.ceil(rows / chunkRows), {
    x,
    y,
    entries,
    starts: wasm.table(pattern.starts),
    bias,
    residual,
    rows,
    inFeatures,
    outFeatures,
    low,
    high,
    chunkRows,
    columns,
  });
};

const multiplyRows: Multiply = ({ values, pattern, numbers }, wasm) => {
  const { x, y, bias, residual, rows, inFeatures, outFeatures, low, high } = numbers;
  const runs = Math.ceil((pattern.starts.length - 1) / wasm.load(binaries).runBlockRows.value);
  wasm.parallel(binaries, 'rowMatMul', runs, {
    x,
    y,
    entries: packedEntries('rows', values, pattern, floatBytes, wasm),
    starts: wasm.table(pattern.starts),
    bias,
    residual,
    rows,
    inFeatures,
    outFeatures,
    blockOutputs: pattern.blockOutputs,
    low,
    high,
  });
};

/** The weights in the order of the pattern, with the places of columns of `columnBytes`. */
function packedEntries(
  layout: string,
  values: WasmTensor,
  { id, blockOutputs, columns, blockCount }: SparsityPattern,
  columnBytes: number,
  wasm: WasmScope,
): number {
  const byteCount = blockCount * (1 + blockOutputs) * floatBytes;
  return wasm.packed(values, `${layout} of pattern ${id}`, byteCount, (pointer) =>
    wasm
      .load(binaries)
      .packEntries(wasm.table(columns), values.pointer, pointer, blockCount, blockOutputs, columnBytes),
  );
}

/** As many as fit the cache, and fewer where threads would have none. */
function rowsOfChunk(rows: number, inFeatures: number, threads: number): number {
  const fitting = Math.floor(chunkBytes / (inFeatures * panelRows * floatBytes)) * panelRows;
  return Math.max(panelRows, Math.min(fitting, Math.ceil(rows / threads / panelRows) * panelRows));
}
