import type { WasmKernel, WasmTensor } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { Gelu, GeluGradient } from './attributes.js';

const blockSize = 4096; // as in gelu.as.ts

export const geluWasm: WasmKernel<Gelu> = ({ x }, { approximation }, wasm) => {
  const y = wasm.output(x.shape);
  const count = elements(x);
  const isTanh = Number(approximation === 'tanh');
  wasm.parallel(binaries, 'gelu', Math.ceil(count / blockSize), { x: x.pointer, y: y.pointer, count, isTanh });
  return { y };
};

export const geluGradientWasm: WasmKernel<GeluGradient> = ({ x, dy }, { approximation }, wasm) => {
  const dx = wasm.output(x.shape);
  const count = elements(x);
  wasm.parallel(binaries, 'geluGradient', Math.ceil(count / blockSize), {
    x: x.pointer,
    dy: dy.pointer,
    dx: dx.pointer,
    count,
    isTanh: Number(approximation === 'tanh'),
  });
  return { dx };
};

function elements({ shape }: WasmTensor): number {
  return shape.reduce((product, size) => product * size, 1);
}
