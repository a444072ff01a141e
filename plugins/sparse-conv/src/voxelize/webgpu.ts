import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { SumPointsAttrs } from './sum-points.js';

/**
 * Integer sums do not depend on the order. Each value is split into two limbs of `bits` bits relative to the largest
 * magnitude of its site and channel; `bits` is what keeps the sums of `count` limbs within 31 bits.
 */
export const sumPoints: WebgpuKernel<'points', SumPointsAttrs> = ({ points }, { map, isMean }, gpu) => {
  const outputShape = [map.starts.length - 1, points.shape[1]];
  if (map.order.length === 0) return gpu.zeros(outputShape);
  const code = /* wgsl */ `
    // 2^(exponent - 127); exponent 1 to 254.
    fn powerOfTwo(exponent : i32) -> f32 { return bitcast<f32>(exponent << 23); }

    // One thread per channel of one site.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let site = index / uniforms.channels;
      let channel = index % uniforms.channels;
      let start = starts[site];
      let end = starts[site + 1];
      let count = end - start;
      var largest = 0;
      var plainSum = 0.0;
      for (var i = start; i < end; i++) {
        let value = points[order[i] * uniforms.channels + channel];
        plainSum += value;
        largest = max(largest, bitcast<i32>(value) & 0x7fffffff);
      }
      var sum = plainSum;
      let isFinite = largest < 0x7f800000;
      if (isFinite && count > 1) {
        let bits = min(${mostBits}, i32(countLeadingZeros(u32(count - 1))) - 1);
        // Every magnitude is below 2^(exponent - 126). The floor keeps the powers below representable.
        let exponent = max(largest >> 23, 2 * bits);
        let toHigh = powerOfTwo(bits + 253 - exponent);
        let toLow = powerOfTwo(bits + 127);
        var high = 0;
        var low = 0;
        for (var i = start; i < end; i++) {
          let scaled = points[order[i] * uniforms.channels + channel] * toHigh;
          let limb = trunc(scaled);
          high += i32(limb);
          low += i32((scaled - limb) * toLow);
        }
        high += low >> u32(bits);
        low &= (1 << u32(bits)) - 1;
        sum = f32(high) * powerOfTwo(exponent + 1 - bits) + f32(low) * powerOfTwo(exponent + 1 - 2 * bits);
      }
      result[index] = sum / select(1.0, f32(count), uniforms.isMean == 1);
    }`;
  return gpu.run(
    {
      key: 'sumPoints',
      outputShape,
      inputNames: ['points', 'starts', 'order'],
      uniforms: 'channels : i32, isMean : i32,',
      code,
    },
    [points, gpu.table(map.starts), gpu.table(map.order)],
    [
      { type: 'int32', data: [points.shape[1]] },
      { type: 'int32', data: [isMean ? 1 : 0] },
    ],
  );
};

const mostBits = 24; // of a float32; up to 128 points get them, 65536 points 15
