import type { WasmKernel, WasmScope, WasmTensor } from '@tfjs-sparse/core';
import type { SparsityPattern } from '../pattern/sparsity-pattern.js';
import { binaries } from '../wasm-binaries.js';
import { hasVectorForm, multiplyVectors } from '../nm-matmul/wasm.js';
import { limitsOf } from './activation.js';
import type { PatternMatMulAttrs, PatternMatMulInput } from './op.js';

interface MatMulExports {
  readonly groupOutputs: WebAssembly.Global;
  readonly runBlockRows: WebAssembly.Global;
  tileRows(blockOutputs: number): number;
  tileColumns(blockOutputs: number): number;
  packTileWeights(
    starts: number,
    columns: number,
    values: number,
    counts: number,
    entries: number,
    cursors: number,
    inFeatures: number,
    blockRows: number,
    blockOutputs: number,
  ): void;
  packEntries(
    columns: number,
    values: number,
    entries: number,
    blocks: number,
    blockOutputs: number,
    columnBytes: number,
  ): void;
  padBias(bias: number, padded: number, count: number, paddedCount: number): void;
}

const floatBytes = Float32Array.BYTES_PER_ELEMENT;
const panelRows = 4; // rows that the kernel for blocks of 8 outputs holds in registers
const mostSingleRows = 2; // more rows are faster in a tile of 8 (bench sparse-matmul)
const chunkBytes = 8192; // of x: a quarter of the nearest cache of most machines

export const patternMatMulWasm: WasmKernel<PatternMatMulInput, PatternMatMulAttrs> = (
  { x, values, bias },
  { pattern, activation },
  wasm,
) => {
  const y = wasm.output([x.shape[0], pattern.outFeatures]);
  chooseProduct(x.shape[0], pattern)(
    x,
    values,
    y,
    paddedBias(bias, pattern.outFeatures, wasm),
    limitsOf(activation),
    pattern,
    wasm,
  );
  return y;
};

function chooseProduct(rows: number, pattern: SparsityPattern): Multiply {
  if (rows <= mostSingleRows) return hasVectorForm(pattern) ? multiplyVectors : multiplyRows;
  return pattern.blockOutputs === 8 ? multiplyPanels : multiplyTiles;
}

export type Multiply = (
  x: WasmTensor,
  values: WasmTensor,
  y: WasmTensor,
  bias: number,
  limits: readonly [low: number, high: number],
  pattern: SparsityPattern,
  wasm: WasmScope,
) => void;

const multiplyTiles: Multiply = (x, values, y, bias, limits, pattern, wasm) => {
  const rows = x.shape[0];
  const { inFeatures, outFeatures, blockOutputs } = pattern;
  const { counts, entries, width, tiles } = tileOperands(values, pattern, wasm);
  const operands = [x.pointer, y.pointer, counts, entries, bias, rows, inFeatures, outFeatures];
  wasm.parallel(binaries, 'tileMatMul', Math.ceil(rows / width), [...operands, blockOutputs, ...limits, tiles]);
};

/** Packed weights and scratch for kernels that multiply tiles of `width` rows. */
export function tileOperands(values: WasmTensor, pattern: SparsityPattern, wasm: WasmScope) {
  const exports = wasm.load<MatMulExports>(binaries);
  const { inFeatures, blockOutputs, starts, columns, blockCount } = pattern;
  const groupOutputs = exports.groupOutputs.value as number;
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
  const tiles = wasm.scratch(wasm.threadCount(binaries) * (inFeatures + groupOutputs) * width * floatBytes);
  return { counts, entries: counts + countBytes, width, tiles };
}

const multiplyPanels: Multiply = (x, values, y, bias, limits, pattern, wasm) => {
  const rows = x.shape[0];
  const { inFeatures, outFeatures, blockOutputs, starts, columns, blockCount } = pattern;
  const entryBytes = blockCount * (1 + blockOutputs) * floatBytes;
  const entries = wasm.packed(values, `panels of pattern ${pattern.id}`, entryBytes, (pointer) =>
    wasm
      .load<MatMulExports>(binaries)
      .packEntries(wasm.table(columns), values.pointer, pointer, blockCount, blockOutputs, panelRows * floatBytes),
  );
  const threads = wasm.threadCount(binaries);
  const chunkRows = rowsOfChunk(rows, inFeatures, threads);
  const scratch = wasm.scratch(threads * chunkRows * inFeatures * floatBytes);
  const operands = [x.pointer, y.pointer, entries, wasm.table(starts), bias, rows, inFeatures, outFeatures];
  wasm.parallel(binaries, 'panelMatMul', Math.ceil(rows / chunkRows), [...operands, ...limits, chunkRows, scratch]);
};

const multiplyRows: Multiply = (x, values, y, bias, limits, pattern, wasm) => {
  const { inFeatures, outFeatures, blockOutputs, starts, columns, blockCount } = pattern;
  const entryBytes = blockCount * (1 + blockOutputs) * floatBytes;
  const entries = wasm.packed(values, `rows of pattern ${pattern.id}`, entryBytes, (pointer) =>
    wasm
      .load<MatMulExports>(binaries)
      .packEntries(wasm.table(columns), values.pointer, pointer, blockCount, blockOutputs, floatBytes),
  );
  const operands = [x.pointer, y.pointer, entries, wasm.table(starts), bias, x.shape[0], inFeatures, outFeatures];
  const runs = Math.ceil((starts.length - 1) / (wasm.load<MatMulExports>(binaries).runBlockRows.value as number));
  wasm.parallel(binaries, 'rowMatMul', runs, [...operands, blockOutputs, ...limits]);
};

/** As many as fit the cache, and fewer where threads would have none. */
function rowsOfChunk(rows: number, inFeatures: number, threads: number): number {
  const fitting = Math.floor(chunkBytes / (inFeatures * panelRows * floatBytes)) * panelRows;
  return Math.max(panelRows, Math.min(fitting, Math.ceil(rows / threads / panelRows) * panelRows));
}

/** Bias, or zeros without one, for a multiple of 8 outputs. */
export function paddedBias(bias: WasmTensor | undefined, outFeatures: number, wasm: WasmScope): number {
  const paddedOutputs = Math.ceil(outFeatures / 8) * 8;
  const padded = wasm.scratch(paddedOutputs * floatBytes);
  const count = bias ? outFeatures : 0;
  wasm.load<MatMulExports>(binaries).padBias(bias?.pointer ?? 0, padded, count, paddedOutputs);
  return padded;
}
