import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { SumPoints } from './attributes.js';

/**
 * Integer sums do not depend on the order. Each value is split into two limbs of `bits` bits relative to the largest
 * magnitude of its site and channel; `bits` is what keeps the sums of `count` limbs within 31 bits.
 */
export const sumPoints: WebgpuKernel<SumPoints> = ({ points }, { rows, isMean }, gpu) => {
  const channels = points.shape[1];
  const outputShape = [rows.rowCount, channels];
  if (rows.entryCount === 0) return { sums: gpu.zeros(outputShape) };
  const code = () => /* wgsl */ `
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
  const inputs = { points, starts: gpu.table(rows.starts), order: gpu.table(rows.columns) };
  const uniforms = { channels, isMean: Number(isMean) };
  return { sums: gpu.run({ key: 'sumPoints', outputShape, inputs, uniforms, code }) };
};

const mostBits = 24; // of a float32; up to 128 points get them, 65536 points 15
