import { limitsOf, type WasmKernel, type WasmScope, type WasmTensor } from '@tfjs-sparse/core';
import type { ImageGeometry } from '../image-geometry.js';
import { paddedBias } from '../matmul/padded-bias.js';
import { binaries } from '../wasm-binaries.js';
import type { DepthwiseConv2D } from './attributes.js';

const floatBytes = Float32Array.BYTES_PER_ELEMENT;
const sliceChannels = 16;
const sliceBytes = 128 * 1024; // of a band's input rows: they stay in the second-level cache, as fast as the first here

export const depthwiseConv2DWasm: WasmKernel<DepthwiseConv2D> = (inputs, { geometry, activation }, wasm) => {
  const { x, filter, bias, residual } = inputs;
  const { batch, outHeight, outWidth } = geometry;
  const channels = x.shape[3];
  const y = wasm.output([batch, outHeight, outWidth, channels]);
  if (batch * outHeight * outWidth * channels === 0) return { y };
  const [low, high] = limitsOf(activation);
  const numbers = {
    geometry,
    x: x.pointer,
    residual: residual?.pointer ?? 0,
    y: y.pointer,
    channels,
    low,
    high,
  };
  const run = isThreeByThree(geometry, channels) ? runRows : runSlices;
  run(filter, bias, numbers, wasm);
  return { y };
};

/** Whether `depthwise3Rows` serves: it is the faster of the two kernels, by a quarter (bench depthwise). */
export function isThreeByThree(g: ImageGeometry, channels: number): boolean {
  const isSize = g.filterHeight === 3 && g.filterWidth === 3 && g.strideHeight === g.strideWidth && g.strideWidth < 3;
  const isInside = g.padTop < 3 && (g.outHeight - 1) * g.strideHeight - g.padTop < g.inHeight;
  return isSize && isInside && channels % 4 === 0;
}

interface DepthwiseNumbers {
  readonly geometry: ImageGeometry;
  readonly x: number;
  /** 0 without one. */
  readonly residual: number;
  readonly y: number;
  readonly channels: number;
  readonly low: number;
  readonly high: number;
}

type Run = (filter: WasmTensor, bias: WasmTensor | undefined, numbers: DepthwiseNumbers, wasm: WasmScope) => void;

/** 3 x 3 with stride 1 or 2: windows that read the images themselves. */
const runRows: Run = (filter, bias, { geometry, x, residual, y, channels, low, high }, wasm) => {
  const { batch, inHeight, inWidth, outHeight, outWidth, padTop, padLeft } = geometry;
  const operands = threeByThreeOperands(filter, bias, geometry, wasm);
  // Written out: to copy an object and add to it takes as long as a small convolution.
  wasm.parallel(binaries, 'depthwise3Rows', batch * outHeight, {
    x,
    filter: operands.filter,
    bias: operands.bias,
    residual,
    y,
    channels,
    low,
    high,
    zeros: operands.zeros,
    inHeight,
    inWidth,
    outHeight,
    outWidth,
    stride: operands.stride,
    padTop,
    padLeft,
  });
};

/** What the 3 x 3 kernels take besides the images. */
export function threeByThreeOperands(
  filter: WasmTensor,
  bias: WasmTensor | undefined,
  { inWidth, strideWidth }: ImageGeometry,
  wasm: WasmScope,
) {
  const exports = wasm.load(binaries);
  const channels = filter.shape[2];
  const packed = wasm.packed(filter, 'depthwise 3 x 3', 9 * channels * floatBytes, (pointer) =>
    exports.packDepthwise3(filter.pointer, pointer, channels),
  );
  const pixelBytes = channels * floatBytes;
  const rowBytes = inWidth * pixelBytes;
  const zeros = wasm.scratch(2 * rowBytes + pixelBytes);
  for (let row = 0; row < 3; row++) exports.clear(zeros + row * rowBytes, pixelBytes);
  return { filter: packed, bias: paddedBias(bias, channels, wasm), zeros, stride: strideWidth };
}

/** Filters of any size: windows that read copies of the images, a slice of channels after the other. */
const runSlices: Run = (filter, bias, { geometry, x, residual, y, channels, low, high }, wasm) => {
  const { batch, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, padTop, padLeft } = geometry;
  const { strideHeight, strideWidth } = geometry;
  const slices = Math.ceil(channels / sliceChannels);
  const width = wasm.load(binaries).planeWidth(outWidth, filterWidth, strideWidth);
  const rowBytes = width * strideWidth * sliceChannels * floatBytes;
  const bandRows = rowsOfBand(geometry, rowBytes);
  const bands = Math.ceil(outHeight / bandRows);
  const stepBytes = filterHeight * filterWidth * Int32Array.BYTES_PER_ELEMENT;
  const scratchBytes = ((bandRows - 1) * strideHeight + filterHeight) * rowBytes + align(stepBytes);
  wasm.parallel(binaries, 'depthwiseSlices', batch * bands * slices, {
    x,
    residual,
    y,
    channels,
    low,
    high,
    filter: packedFilter(filter, geometry, wasm),
    bias: paddedBias(bias, slices * sliceChannels, wasm),
    bandRows,
    scratch: wasm.scratch(wasm.threadCount(binaries) * scratchBytes),
    scratchBytes,
    inHeight,
    inWidth,
    outHeight,
    outWidth,
    filterHeight,
    filterWidth,
    strideHeight,
    strideWidth,
    padTop,
    padLeft,
  });
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
  wasm: WasmScope,
): number {
  const channels = filter.shape[2];
  const byteCount = Math.ceil(channels / sliceChannels) * sliceChannels * filterHeight * filterWidth * floatBytes;
  return wasm.packed(filter, `depthwise slices, stride ${strideWidth}`, byteCount, (pointer) =>
    wasm.load(binaries).packDepthwiseFilter(filter.pointer, pointer, channels, filterHeight, filterWidth, strideWidth),
  );
}

function align(byteCount: number): number {
  return Math.ceil(byteCount / 64) * 64; // threads' scratch begins at cache lines
}
