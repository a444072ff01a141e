import type { WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { JoinChannels, TakeChannels } from './attributes.js';

const floatBytes = Float32Array.BYTES_PER_ELEMENT;

export const joinChannels: WasmKernel<JoinChannels> = ({ a, b }, _attrs, wasm) => {
  const [rows, channelsOfA] = a.shape;
  const channelsOfB = b.shape[1];
  const channels = channelsOfA + channelsOfB;
  const y = wasm.output([rows, channels]);
  const { copyChannels } = wasm.load(binaries);
  copyChannels(a.pointer, channelsOfA, y.pointer, channels, channelsOfA, rows);
  copyChannels(b.pointer, channelsOfB, y.pointer + channelsOfA * floatBytes, channels, channelsOfB, rows);
  return { y };
};

export const takeChannels: WasmKernel<TakeChannels> = ({ x }, { start, count }, wasm) => {
  const [rows, channels] = x.shape;
  const y = wasm.output([rows, count]);
  const { copyChannels } = wasm.load(binaries);
  copyChannels(x.pointer + start * floatBytes, channels, y.pointer, count, count, rows);
  return { y };
};
