import type { WasmKernel, WasmScope, WasmTensor } from '@tfjs-sparse/core';
import { limitsOf } from '../matmul/activation.js';
import { binaries } from '../wasm-binaries.js';
import type { QuantizedAttrs, QuantizedInput, QuantizedMatMulAttrs } from './op.js';
import type { QuantizedWeights } from './quantized-weights.js';

interface QuantizedExports {
  layTiles(x: number, tiles: number, rows: number, inFeatures: number, paddedInputs: number, tileRows: number): void;
  quantizedGroupProducts(...numbers: readonly number[]): void;
}

const floatBytes = Float32Array.BYTES_PER_ELEMENT;
const blockOutputs = 16; // as in product.as.ts: outputs whose weights become numbers together
const tileRows = 6; // rows whose sums fit the registers of V8 beside x and weights
const fewRows = 2; // up to which one row at a time is faster: a tile would be mostly padding
const unitCodes = 16;
const chunkBytes = 1 << 20; // of x at a time: half of the second cache of most machines

export const quantizedMatMul: WasmKernel<QuantizedInput, QuantizedMatMulAttrs> = (inputs, attrs, wasm) => {
  const { x, scales, zeros, bias } = inputs;
  const { weights, activation } = attrs;
  const { inFeatures, outFeatures, bits, groupSize } = weights;
  const rows = x.shape[0];
  const paddedInputs = paddedInputsOf(weights);
  const { codes, starts, columns } = tablesOf(weights, wasm);
  const y = wasm.output([rows, outFeatures]);
  const rowsOfTile = rows > fewRows ? tileRows : 1;
  const tileInputs = Math.max(paddedInputs, 1) * rowsOfTile;
  const chunkRows = Math.max(Math.floor(chunkBytes / floatBytes / tileInputs), 1) * rowsOfTile;
  const isLaid = rowsOfTile === 1 && paddedInputs === inFeatures;
  const laidRows = Math.min(chunkRows, Math.ceil(rows / rowsOfTile) * rowsOfTile);
  const tiles = isLaid ? x.pointer : wasm.scratch(laidRows * paddedInputs * floatBytes);
  const numbers = wasm.scratch(wasm.threadCount(binaries) * blockOutputs * paddedInputs * floatBytes);
  const exports = wasm.load<QuantizedExports>(binaries);
  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    const from = x.pointer + first * inFeatures * floatBytes;
    const to = y.pointer + first * outFeatures * floatBytes;
    if (!isLaid) exports.layTiles(from, tiles, count, inFeatures, paddedInputs, rowsOfTile);
    const pointers = [
      isLaid ? from : tiles,
      to,
      codes,
      scales.pointer,
      zeros.pointer,
      starts,
      columns,
      bias?.pointer ?? 0,
    ];
    const sizes = [count, paddedInputs, outFeatures, groupSize / unitCodes, bits, rowsOfTile];
    const items = Math.ceil(outFeatures / blockOutputs);
    wasm.parallel(binaries, 'quantizedMatMul', items, [...pointers, ...sizes, ...limitsOf(activation), numbers]);
  }
  return y;
};

export const inputGradient: WasmKernel<'dy' | 'scales' | 'zeros', QuantizedAttrs> = (inputs, { weights }, wasm) => {
  const { dy, scales, zeros } = inputs;
  const { inFeatures, outFeatures, bits, groupSize } = weights;
  const rows = dy.shape[0];
  const paddedInputs = paddedInputsOf(weights);
  const { codes, starts, columns } = tablesOf(weights, wasm);
  const dx = wasm.output([rows, inFeatures]);
  const tiles = wasm.scratch(wasm.threadCount(binaries) * paddedInputs * 4 * floatBytes);
  const pointers = [dy.pointer, dx.pointer, codes, scales.pointer, zeros.pointer, starts, columns, tiles];
  const sizes = [rows, inFeatures, paddedInputs, outFeatures, groupSize / unitCodes, bits];
  wasm.parallel(binaries, 'quantizedInputGradient', Math.ceil(rows / 4), [...pointers, ...sizes]);
  return dx;
};

export const groupProducts: WasmKernel<'x' | 'dy', QuantizedAttrs> = ({ x, dy }, { weights }, wasm) => {
  const { inFeatures, outFeatures, bits, groupSize, groupCount } = weights;
  const rows = x.shape[0];
  const paddedInputs = paddedInputsOf(weights);
  const { codes, starts, columns } = tablesOf(weights, wasm);
  const products = wasm.output([2, groupCount]);
  const tiles = laidTiles(x, rows, inFeatures, paddedInputs, wasm);
  const pointers = [tiles, dy.pointer, codes, starts, columns, products.pointer];
  const sizes = [rows, paddedInputs, outFeatures, groupSize / unitCodes, bits, groupCount];
  wasm.load<QuantizedExports>(binaries).quantizedGroupProducts(...pointers, ...sizes);
  return products;
};

/** All rows in tiles of 4. */
function laidTiles(x: WasmTensor, rows: number, inFeatures: number, paddedInputs: number, wasm: WasmScope): number {
  const tiles = wasm.scratch(Math.ceil(rows / 4) * 4 * paddedInputs * floatBytes);
  wasm.load<QuantizedExports>(binaries).layTiles(x.pointer, tiles, rows, inFeatures, paddedInputs, 4);
  return tiles;
}

function paddedInputsOf({ groups, groupSize }: QuantizedWeights): number {
  return groups.inFeatures * groupSize;
}

function tablesOf({ codes, groups }: QuantizedWeights, wasm: WasmScope) {
  return { codes: wasm.table(codes), starts: wasm.table(groups.starts), columns: wasm.table(groups.columns) };
}
