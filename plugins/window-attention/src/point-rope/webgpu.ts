import { f32, type WebgpuKernel } from '@tfjs-sparse/core';
import type { PointRope } from './attributes.js';

export const pointRopeWebgpu: WebgpuKernel<PointRope> = ({ x }, { turns, heads, axes, isBackward }, gpu) => {
  if (x.shape[0] === 0) return { y: gpu.zeros(x.shape) };
  const channels = x.shape[1] / heads;
  const y = gpu.run({
    key: 'pointRope',
    outputShape: x.shape,
    inputs: { x, turns: gpu.table(turns) },
    uniforms: { width: x.shape[1], channels, half: channels / axes / 2, sign: f32(isBackward ? -1 : 1) },
    code: () => /* wgsl */ `
    // One thread per channel of a site.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let site = index / uniforms.width;
      let place = index % uniforms.width % uniforms.channels;
      let axis = place / (2 * uniforms.half);
      let i = place % uniforms.half;
      let turn = site * uniforms.channels + (axis * uniforms.half + i) * 2;
      let cosine = bitcast<f32>(turns[turn]);
      let sine = uniforms.sign * bitcast<f32>(turns[turn + 1]);
      if (place % (2 * uniforms.half) < uniforms.half) {
        result[index] = x[index] * cosine - x[index + uniforms.half] * sine;
      } else {
        result[index] = x[index] * cosine + x[index - uniforms.half] * sine;
      }
    }`,
  });
  return { y };
};
