import type { WasmKernel } from '@tfjs-sparse/core';
import { activations, threeByThreeOperands } from '../depthwise-conv2d/wasm.js';
import { paddedBias, tileOperands } from '../matmul/wasm.js';
import { binaries } from '../wasm-binaries.js';
import type { SeparableConv2DAttrs, SeparableInput } from './op.js';

export const separableConv2DWasm: WasmKernel<SeparableInput, SeparableConv2DAttrs> = (
  { x, filter, filterBias, values, bias },
  { depthwise, pattern, activation },
  wasm,
) => {
  const { batch, outHeight, outWidth } = depthwise.geometry;
  const { inFeatures, outFeatures, blockOutputs } = pattern;
  const pixels = batch * outHeight * outWidth;
  const y = wasm.output([batch, outHeight, outWidth, outFeatures]);
  const filterOperands = threeByThreeOperands(filter, filterBias, depthwise.geometry, wasm);
  const { counts, entries, width, tiles } = tileOperands(values, pattern, wasm);
  wasm.parallel(binaries, 'separableConv2D', Math.ceil(pixels / width), [
    x.pointer,
    filterOperands.packed,
    filterOperands.paddedBias,
    y.pointer,
    counts,
    entries,
    paddedBias(bias, outFeatures, wasm),
    pixels,
    inFeatures,
    outFeatures,
    blockOutputs,
    activations.indexOf(depthwise.activation),
    activations.indexOf(activation),
    tiles,
    filterOperands.zeros,
    ...filterOperands.numbers,
  ]);
  return y;
};
