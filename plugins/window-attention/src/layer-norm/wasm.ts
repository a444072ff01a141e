import type { WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { LayerNorm, LayerNormGradient } from './attributes.js';

export const layerNormWasm: WasmKernel<LayerNorm> = ({ x, scale, offset }, { epsilon }, wasm) => {
  const [rows, channels] = x.shape;
  const y = wasm.output(x.shape);
  const statistics = wasm.output([rows, 2]);
  wasm.parallel(binaries, 'layerNorm', rows, {
    x: x.pointer,
    scale: scale.pointer,
    offset: offset.pointer,
    y: y.pointer,
    statistics: statistics.pointer,
    channels,
    epsilon,
  });
  return { y, statistics };
};

export const layerNormGradientWasm: WasmKernel<LayerNormGradient> = ({ x, scale, statistics, dy }, _, wasm) => {
  const [rows, channels] = x.shape;
  const dx = wasm.output(x.shape);
  const ofScale = wasm.output(x.shape);
  wasm.parallel(binaries, 'layerNormGradient', rows, {
    x: x.pointer,
    scale: scale.pointer,
    statistics: statistics.pointer,
    dy: dy.pointer,
    dx: dx.pointer,
    ofScale: ofScale.pointer,
    channels,
  });
  return { dx, ofScale };
};
