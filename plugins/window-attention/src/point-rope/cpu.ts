import type { CpuKernel } from '@tfjs-sparse/core';
import type { PointRope } from './attributes.js';

/** Of the channels of an axis the i-th of the first half and the i-th of the second are turned in their plane. */
export const pointRopeCpu: CpuKernel<PointRope> = ({ x }, { turns, heads, axes, isBackward }) => {
  const [sites, width] = x.shape;
  const channels = width / heads;
  const half = channels / axes / 2;
  const angles = new Float32Array(turns.buffer, turns.byteOffset, turns.length);
  const y = new Float32Array(x.values.length);
  for (let site = 0; site < sites; site++) {
    for (let head = 0; head < heads; head++) {
      for (let axis = 0; axis < axes; axis++) {
        for (let i = 0; i < half; i++) {
          const turn = site * channels + (axis * half + i) * 2;
          const [cosine, sine] = [angles[turn], isBackward ? -angles[turn + 1] : angles[turn + 1]];
          const first = site * width + head * channels + axis * 2 * half + i;
          const second = first + half;
          y[first] = x.values[first] * cosine - x.values[second] * sine;
          y[second] = x.values[second] * cosine + x.values[first] * sine;
        }
      }
    }
  }
  return { y: { shape: x.shape, values: y } };
};
