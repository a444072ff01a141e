import type { CpuKernel } from '../../op/definition.js';
import type { WasmKernel } from '../../op/wasm-scope.js';
import { binaries } from '../../wasm-binaries.js';
import type { ColumnSums } from './attributes.js';

export const columnSumsCpu: CpuKernel<ColumnSums> = ({ x }) => {
  const channels = x.shape[1];
  const sums = new Float64Array(channels);
  x.values.forEach((value, i) => (sums[i % channels] += value));
  return { sums: { shape: [channels], values: Float32Array.from(sums) } };
};

const totalBytesPerChannel = 4 * Float64Array.BYTES_PER_ELEMENT;

export const columnSumsWasm: WasmKernel<ColumnSums> = ({ x }, _attrs, wasm) => {
  const [rows, channels] = x.shape;
  const sums = wasm.output([channels]);
  const totals = wasm.scratch(channels * totalBytesPerChannel);
  wasm.load(binaries).columnSums(x.pointer, sums.pointer, totals, rows, channels);
  return { sums };
};
