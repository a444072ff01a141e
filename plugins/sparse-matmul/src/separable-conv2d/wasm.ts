import { limitsOf, type WasmKernel } from '@tfjs-sparse/core';
import { threeByThreeOperands } from '../depthwise-conv2d/wasm.js';
import { paddedBias } from '../matmul/padded-bias.js';
import { tileOperands } from '../matmul/wasm.js';
import { binaries } from '../wasm-binaries.js';
import type { SeparableConv2D } from './attributes.js';

export const separableConv2DWasm: WasmKernel<SeparableConv2D> = (inputs, attrs, wasm) => {
  const { x, filter, filterBias, values, bias, residual } = inputs;
  const { depthwise, pattern, activation } = attrs;
  const { geometry } = depthwise;
  const { inFeatures, outFeatures, blockOutputs } = pattern;
  const { batch, inHeight, inWidth, outHeight, outWidth, padTop, padLeft } = geometry;
  const pixels = batch * outHeight * outWidth;
  const y = wasm.output([batch, outHeight, outWidth, outFeatures]);
  const depthwiseOperands = threeByThreeOperands(filter, filterBias, geometry, wasm);
  const { width, counts, entries, tiles } = tileOperands(values, pattern, wasm);
  const [filterLow, filterHigh] = limitsOf(depthwise.activation);
  const [low, high] = limitsOf(activation);
  wasm.parallel(binaries, 'separableConv2D', Math.ceil(pixels / width), {
    x: x.pointer,
    filter: depthwiseOperands.filter,
    filterBias: depthwiseOperands.bias,
    zeros: depthwiseOperands.zeros,
    stride: depthwiseOperands.stride,
    counts,
    entries,
    tiles,
    y: y.pointer,
    bias: paddedBias(bias, Math.ceil(outFeatures / 8) * 8, wasm),
    residual: residual?.pointer ?? 0,
    pixels,
    channels: inFeatures,
    outFeatures,
    blockOutputs,
    inHeight,
    inWidth,
    outHeight,
    outWidth,
    padTop,
    padLeft,
    filterLow,
    filterHigh,
    low,
    high,
  });
  return { y };
};
