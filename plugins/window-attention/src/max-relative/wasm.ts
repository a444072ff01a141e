import type { WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { MaxRelative, MaxRelativeGradient } from './attributes.js';

export const maxRelativeWasm: WasmKernel<MaxRelative> = ({ x }, { step }, wasm) => {
  const [batches, height, width, channels] = x.shape;
  const y = wasm.output(x.shape);
  const nearest = wasm.output(x.shape, 'int32');
  wasm.parallel(binaries, 'maxRelative', batches * height * width, {
    x: x.pointer,
    y: y.pointer,
    nearest: nearest.pointer,
    height,
    width,
    channels,
    step,
  });
  return { y, nearest };
};

export const maxRelativeGradientWasm: WasmKernel<MaxRelativeGradient> = ({ dy, nearest }, _, wasm) => {
  const [batches, height, width, channels] = dy.shape;
  const dx = wasm.output(dy.shape);
  wasm.parallel(binaries, 'maxRelativeGradient', batches, {
    dy: dy.pointer,
    nearest: nearest.pointer,
    dx: dx.pointer,
    pixels: height * width,
    channels,
  });
  return { dx };
};
