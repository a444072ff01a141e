import type { WebgpuKernel } from '@tfjs-sparse/core';
import type { RowListAttrs } from '../weighted-rows/op.js';

export const maxWindowsGradientWebgpu: WebgpuKernel<'dy' | 'x' | 'y', RowListAttrs> = ({ dy, x, y }, { list }, gpu) => {
  if (list.sources.length === 0) return gpu.zeros(x.shape);
  const code = /* wgsl */ `
    // A NaN makes the greatest value NaN, so a NaN is always among the greatest.
    fn isGreatest(value : f32, greatest : f32) -> bool {
      return value == greatest || isnan(value);
    }

    // One thread per channel of one source row: sums dy of the windows whose first greatest value it is.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let source = index / uniforms.channels;
      let channel = index % uniforms.channels;
      var sum = 0.0;
      for (var i = windowStarts[source]; i < windowStarts[source + 1]; i++) {
        let window = windows[i];
        let output = window * uniforms.channels + channel;
        if (!isGreatest(x[index], y[output])) { continue; }
        var isFirst = true;
        for (var entry = starts[window]; sources[entry] < source && isFirst; entry++) {
          isFirst = !isGreatest(x[sources[entry] * uniforms.channels + channel], y[output]);
        }
        if (isFirst) { sum += dy[output]; }
      }
      result[index] = sum;
    }`;
  const windows = list.transposed();
  const inputNames = ['dy', 'x', 'y', 'starts', 'sources', 'windowStarts', 'windows'];
  return gpu.run(
    { key: 'maxWindowsGradient', outputShape: x.shape, inputNames, uniforms: 'channels : i32,', code },
    [dy, x, y, ...[list.starts, list.sources, windows.starts, windows.sources].map((table) => gpu.table(table))],
    [{ type: 'int32', data: [x.shape[1]] }],
  );
};
