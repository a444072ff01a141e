import type { WasmKernel, WasmScope, WasmTensor } from '@tfjs-sparse/core';
import { geometryNumbers, type ImageGeometry } from '../image-geometry.js';
import { binaries } from '../wasm-binaries.js';
import type { DepthwiseConv2DAttrs, DepthwiseInput } from './op.js';

interface DepthwiseExports {
  packDepthwiseFilter(
    filter: number,
    packed: number,
    channels: number,
    filterHeight: number,
    filterWidth: number,
    strideWidth: number,
  ): void;
  packDepthwise3(filter: number, packed: number, channels: number): void;
  planeWidth(outWidth: number, filterWidth: number, strideWidth: number): number;
  padBias(bias: number, padded: number, count: number, paddedCount: number): void;
  clear(pointer: number, byteCount: number): void;
}

const floatBytes = Float32Array.BYTES_PER_ELEMENT;
const sliceChannels = 16;
const sliceBytes = 128 * 1024; // of a band's input rows: they stay in the second-level cache, as fast as the first here
/** In the order of their codes. */
export const activations = ['linear', 'relu', 'relu6'] as const;

export const depthwiseConv2DWasm: WasmKernel<DepthwiseInput, DepthwiseConv2DAttrs> = (
  { x, filter, bias },
  { geometry, activation },
  wasm,
) => {
  const { batch, outHeight, outWidth } = geometry;
  const channels = x.shape[3];
  const y = wasm.output([batch, outHeight, outWidth, channels]);
  if (batch * outHeight * outWidth * channels === 0) return y;
  const run = isThreeByThree(geometry, channels) ? runRows : runSlices;
  run(x, filter, bias, y, geometry, activations.indexOf(activation), wasm);
  return y;
};

/** Whether `depthwise3Rows` serves: it is the faster of the two kernels, by a quarter (bench depthwise). */
export function isThreeByThree(g: ImageGeometry, channels: number): boolean {
  const isSize = g.filterHeight === 3 && g.filterWidth === 3 && g.strideHeight === g.strideWidth && g.strideWidth < 3;
  const isInside = g.padTop < 3 && (g.outHeight - 1) * g.strideHeight - g.padTop < g.inHeight;
  return isSize && isInside && channels % 4 === 0;
}

type Run = (
  x: WasmTensor,
  filter: WasmTensor,
  bias: WasmTensor | undefined,
  y: WasmTensor,
  geometry: ImageGeometry,
  activation: number,
  wasm: WasmScope,
) => void;

/** 3 x 3 with stride 1 or 2: windows that read the images themselves. */
const runRows: Run = (x, filter, bias, y, geometry, activation, wasm) => {
  const { packed, paddedBias, zeros, numbers } = threeByThreeOperands(filter, bias, geometry, wasm);
  const operands = [x.pointer, packed, paddedBias, y.pointer, x.shape[3], activation, zeros, ...numbers];
  wasm.parallel(binaries, 'depthwise3Rows', geometry.batch * geometry.outHeight, operands);
};

/** What the 3 x 3 kernels take besides the images. */
export function threeByThreeOperands(
  filter: WasmTensor,
  bias: WasmTensor | undefined,
  { inHeight, inWidth, outHeight, outWidth, strideWidth, padTop, padLeft }: ImageGeometry,
  wasm: WasmScope,
) {
  const exports = wasm.load<DepthwiseExports>(binaries);
  const channels = filter.shape[2];
  const packed = wasm.packed(filter, 'depthwise 3 x 3', 9 * channels * floatBytes, (pointer) =>
    exports.packDepthwise3(filter.pointer, pointer, channels),
  );
  const pixelBytes = channels * floatBytes;
  const rowBytes = inWidth * pixelBytes;
  const zeros = wasm.scratch(2 * rowBytes + pixelBytes);
  for (let row = 0; row < 3; row++) exports.clear(zeros + row * rowBytes, pixelBytes);
  return {
    packed,
    paddedBias: paddedBias(bias, channels, exports, wasm),
    zeros,
    numbers: [inHeight, inWidth, outHeight, outWidth, strideWidth, padTop, padLeft],
  };
}

/** Filters of any size: windows that read copies of the images, a slice of channels after the other. */
const runSlices: Run = (x, filter, bias, y, geometry, activation, wasm) => {
  const exports = wasm.load<DepthwiseExports>(binaries);
  const { batch, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth } = geometry;
  const channels = x.shape[3];
  const slices = Math.ceil(channels / sliceChannels);
  const width = exports.planeWidth(outWidth, filterWidth, strideWidth);
  const rowBytes = width * strideWidth * sliceChannels * floatBytes;
  const bandRows = rowsOfBand(geometry, rowBytes);
  const bands = Math.ceil(outHeight / bandRows);
  const stepBytes = filterHeight * filterWidth * Int32Array.BYTES_PER_ELEMENT;
  const scratchBytes = ((bandRows - 1) * strideHeight + filterHeight) * rowBytes + align(stepBytes);
  wasm.parallel(binaries, 'depthwiseSlices', batch * bands * slices, [
    x.pointer,
    packedFilter(filter, geometry, exports, wasm),
    paddedBias(bias, slices * sliceChannels, exports, wasm),
    y.pointer,
    channels,
    activation,
    bandRows,
    wasm.scratch(wasm.threadCount(binaries) * scratchBytes),
    scratchBytes,
    ...geometryNumbers(geometry),
  ]);
};

/** As many output rows as fit into `sliceBytes` with their input, the bands of nearly the same size. */
function rowsOfBand({ outHeight, filterHeight, strideHeight }: ImageGeometry, rowBytes: number): number {
  const inRows = Math.max(Math.floor(sliceBytes / rowBytes), filterHeight);
  const most = Math.floor((inRows - filterHeight) / strideHeight) + 1;
  return Math.ceil(outHeight / Math.ceil(outHeight / most));
}

function packedFilter(
  filter: WasmTensor,
  { filterHeight, filterWidth, strideWidth }: ImageGeometry,
  exports: DepthwiseExports,
  wasm: WasmScope,
): number {
  const channels = filter.shape[2];
  const byteCount = Math.ceil(channels / sliceChannels) * sliceChannels * filterHeight * filterWidth * floatBytes;
  return wasm.packed(filter, `depthwise slices, stride ${strideWidth}`, byteCount, (pointer) =>
    exports.packDepthwiseFilter(filter.pointer, pointer, channels, filterHeight, filterWidth, strideWidth),
  );
}

/** The bias with zeros behind it, or zeros. */
function paddedBias(
  bias: WasmTensor | undefined,
  channels: number,
  exports: DepthwiseExports,
  wasm: WasmScope,
): number {
  const padded = wasm.scratch(channels * floatBytes);
  exports.padBias(bias?.pointer ?? 0, padded, bias ? bias.shape[0] : 0, channels);
  return padded;
}

function align(byteCount: number): number {
  return Math.ceil(byteCount / 64) * 64; // threads' scratch begins at cache lines
}
