import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { RowMapAttrs, TargetsAttrs } from './op.js';

export const maxRows: WebgpuKernel<'y', TargetsAttrs> = ({ y }, { map }, gpu) => {
  const outputShape = [map.starts.length - 1, y.shape[1]];
  if (map.order.length === 0) return gpu.zeros(outputShape);
  const code = /* wgsl */ `
    // Integers in the order of the floats, NaN above all: shader compilers may assume that floats hold no NaN.
    fn keyOf(value : f32) -> i32 {
      if (isnan(value)) { return 0x7fc00000; }
      let bits = bitcast<i32>(value);
      return select(bits, bits ^ 0x7fffffff, bits < 0);
    }

    // One thread per channel of one source row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let source = index / uniforms.channels;
      let channel = index % uniforms.channels;
      let end = starts[source + 1];
      var greatest = -0x7fffffff;
      for (var i = starts[source]; i < end; i++) {
        greatest = max(greatest, keyOf(y[order[i] * uniforms.channels + channel]));
      }
      let bits = select(greatest, greatest ^ 0x7fffffff, greatest < 0);
      result[index] = bitcast<f32>(select(0, bits, starts[source] < end));
    }`;
  return gpu.run(
    { key: 'maxRows', outputShape, inputNames: ['y', 'starts', 'order'], uniforms: 'channels : i32,', code },
    [y, gpu.table(map.starts), gpu.table(map.order)],
    [{ type: 'int32', data: [y.shape[1]] }],
  );
};

export const maxRowsGradient: WebgpuKernel<'dx' | 'y' | 'x', RowMapAttrs> = ({ dx, y, x }, { map }, gpu) => {
  if (map.order.length === 0) return gpu.zeros(y.shape);
  const channels = { type: 'int32' as const, data: [y.shape[1]] };
  const sharesCode = /* wgsl */ `
    ${isGreatestCode}
    // One thread per channel of one source row: what each of its greatest targets gets.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let source = index / uniforms.channels;
      let channel = index % uniforms.channels;
      var count = 0;
      for (var i = starts[source]; i < starts[source + 1]; i++) {
        if (isGreatest(y[order[i] * uniforms.channels + channel], x[index])) { count++; }
      }
      result[index] = dx[index] / f32(max(count, 1));
    }`;
  const inputNames = ['dx', 'y', 'x', 'starts', 'order'];
  const shares = gpu.run(
    { key: 'maxRowsShares', outputShape: x.shape, inputNames, uniforms: 'channels : i32,', code: sharesCode },
    [dx, y, x, gpu.table(map.starts), gpu.table(map.order)],
    [channels],
  );
  const code = /* wgsl */ `
    ${isGreatestCode}
    // One thread per channel of one target row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let source = sources[index / uniforms.channels];
      result[index] = 0.0;
      if (source >= 0) {
        let sourceValue = source * uniforms.channels + index % uniforms.channels;
        if (isGreatest(y[index], x[sourceValue])) { result[index] = shares[sourceValue]; }
      }
    }`;
  const dy = gpu.run(
    {
      key: 'maxRowsGradient',
      outputShape: y.shape,
      inputNames: ['shares', 'y', 'x', 'sources'],
      uniforms: 'channels : i32,',
      code,
    },
    [shares, y, x, gpu.table(map.index)],
    [channels],
  );
  gpu.dispose(shares);
  return dy;
};

const isGreatestCode = /* wgsl */ `
  // A NaN makes the greatest value NaN, so a NaN is always among the greatest.
  fn isGreatest(value : f32, greatest : f32) -> bool {
    return value == greatest || isnan(value);
  }`;
