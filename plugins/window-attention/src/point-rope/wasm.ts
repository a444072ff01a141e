import type { WasmKernel } from '@tfjs-sparse/core';
import { binaries } from '../wasm-binaries.js';
import type { PointRope } from './attributes.js';

export const pointRopeWasm: WasmKernel<PointRope> = ({ x }, { turns, heads, axes, isBackward }, wasm) => {
  const y = wasm.output(x.shape);
  wasm.parallel(binaries, 'pointRope', x.shape[0], {
    x: x.pointer,
    turns: wasm.table(turns),
    y: y.pointer,
    heads,
    axes,
    half: x.shape[1] / heads / axes / 2,
    sign: isBackward ? -1 : 1,
  });
  return { y };
};
