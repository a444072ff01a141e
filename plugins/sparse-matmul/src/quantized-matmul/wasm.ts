import { limitsOf, type WasmKernel, type WasmScope, type WasmTensor } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { QuantizedGroupProducts, QuantizedInputGradient, QuantizedMatMul } from './attributes.js';
import type { QuantizedWeights } from './quantized-weights.js';

const floatBytes = Float32Array.BYTES_PER_ELEMENT;
const blockOutputs = 16; // as in product.as.ts: outputs whose weights become numbers together
const tileRows = 6; // rows whose sums fit the registers of V8 beside x and weights
const fewRows = 2; // up to which one row at a time is faster: a tile would be mostly padding
const unitCodes = 16;
const chunkBytes = 1 << 20; // of x at a time: half of the second cache of most machines

export const quantizedMatMul: WasmKernel<QuantizedMatMul> = (inputs, { weights, activation }, wasm) => {
  const { x, scales, zeros, bias, residual } = inputs;
  const { inFeatures, outFeatures, bits, groupSize } = weights;
  const rows = x.shape[0];
  const paddedInputs = paddedInputsOf(weights);
  const y = wasm.output([rows, outFeatures]);
  const rowsOfTile = rows > fewRows ? tileRows : 1;
  const tileInputs = Math.max(paddedInputs, 1) * rowsOfTile;
  const chunkRows = Math.max(Math.floor(chunkBytes / floatBytes / tileInputs), 1) * rowsOfTile;
  const isLaid = rowsOfTile === 1 && paddedInputs === inFeatures;
  const laidRows = Math.min(chunkRows, Math.ceil(rows / rowsOfTile) * rowsOfTile);
  const tiles = isLaid ? x.pointer : wasm.scratch(laidRows * paddedInputs * floatBytes);
  const [low, high] = limitsOf(activation);
  const shared = {
    ...tablesOf(weights, wasm),
    scales: scales.pointer,
    zeros: zeros.pointer,
    bias: bias?.pointer ?? 0,
    paddedInputs,
    outFeatures,
    units: groupSize / unitCodes,
    bits,
    tileRows: rowsOfTile,
    low,
    high,
    weights: wasm.scratch(wasm.threadCount(binaries) * blockOutputs * paddedInputs * floatBytes),
  };
  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    const from = x.pointer + first * inFeatures * floatBytes;
    const outputBytes = first * outFeatures * floatBytes;
    if (!isLaid) wasm.load(binaries).layTiles(from, tiles, count, inFeatures, paddedInputs, rowsOfTile);
    wasm.parallel(binaries, 'quantizedMatMul', Math.ceil(outFeatures / blockOutputs), {
      ...shared,
      tiles: isLaid ? from : tiles,
      y: y.pointer + outputBytes,
      residual: residual ? residual.pointer + outputBytes : 0,
      rows: count,
    });
  }
  return { y };
};

export const inputGradient: WasmKernel<QuantizedInputGradient> = ({ dy, scales, zeros }, { weights }, wasm) => {
  const { inFeatures, outFeatures, bits, groupSize } = weights;
  const rows = dy.shape[0];
  const paddedInputs = paddedInputsOf(weights);
  const dx = wasm.output([rows, inFeatures]);
  wasm.parallel(binaries, 'quantizedInputGradient', Math.ceil(rows / 4), {
    ...tablesOf(weights, wasm),
    dy: dy.pointer,
    dx: dx.pointer,
    scales: scales.pointer,
    zeros: zeros.pointer,
    tiles: wasm.scratch(wasm.threadCount(binaries) * paddedInputs * 4 * floatBytes),
    rows,
    inFeatures,
    paddedInputs,
    outFeatures,
    units: groupSize / unitCodes,
    bits,
  });
  return { dx };
};

export const groupProducts: WasmKernel<QuantizedGroupProducts> = ({ x, dy }, { weights: quantized }, wasm) => {
  const { inFeatures, outFeatures, bits, groupSize, groupCount } = quantized;
  const rows = x.shape[0];
  const paddedInputs = paddedInputsOf(quantized);
  const { codes, starts, columns } = tablesOf(quantized, wasm);
  const weighted = wasm.output([groupCount]);
  const plain = wasm.output([groupCount]);
  wasm
    .load(binaries)
    .quantizedGroupProducts(
      laidTiles(x, rows, inFeatures, paddedInputs, wasm),
      dy.pointer,
      codes,
      starts,
      columns,
      weighted.pointer,
      plain.pointer,
      wasm.scratch(2 * groupCount * Float64Array.BYTES_PER_ELEMENT),
      rows,
      paddedInputs,
      outFeatures,
      groupSize / unitCodes,
      bits,
      groupCount,
    );
  return { weighted, plain };
};

/** All rows in tiles of 4. */
function laidTiles(x: WasmTensor, rows: number, inFeatures: number, paddedInputs: number, wasm: WasmScope): number {
  const tiles = wasm.scratch(Math.ceil(rows / 4) * 4 * paddedInputs * floatBytes);
  wasm.load(binaries).layTiles(x.pointer, tiles, rows, inFeatures, paddedInputs, 4);
  return tiles;
}

function paddedInputsOf({ groups, groupSize }: QuantizedWeights): number {
  return groups.inFeatures * groupSize;
}

function tablesOf({ codes, groups }: QuantizedWeights, wasm: WasmScope) {
  return { codes: wasm.table(codes), starts: wasm.table(groups.starts), columns: wasm.table(groups.columns) };
}
