import { floatOrderCode } from '../../op/float-order.js';
import type { WebgpuKernel } from '../../op/webgpu-kernel.js';
import { entryInputs } from '../factors.js';
import type { ArgmaxRows, MaxRows, MaxRowsGradient, SharedMaxRowsGradient } from './attributes.js';

export const maxRows: WebgpuKernel<MaxRows> = ({ x, values }, { rows }, gpu) => {
  const channels = x.shape[1];
  const outputShape = [rows.rowCount, channels];
  if (rows.entryCount === 0 || channels === 0) return { y: gpu.zeros(outputShape) };
  const { factor, inputs } = entryInputs(rows, values, gpu);
  const code = () => /* wgsl */ `
    ${floatOrderCode}
    // One thread per channel of one row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = index / uniforms.channels;
      let channel = index % uniforms.channels;
      let end = starts[row + 1];
      var greatest = -0x7fffffff;
      for (var entry = starts[row]; entry < end; entry++) {
        greatest = max(greatest, keyOf(${factor} * x[columns[entry] * uniforms.channels + channel]));
      }
      let bits = select(greatest, greatest ^ 0x7fffffff, greatest < 0);
      result[index] = bitcast<f32>(select(0, bits, starts[row] < end));
    }`;
  const uniforms = { channels };
  return { y: gpu.run({ key: `maxRows ${factor}`, outputShape, inputs: { x, ...inputs }, uniforms, code }) };
};

export const argmaxRows: WebgpuKernel<ArgmaxRows> = ({ x, values }, { rows }, gpu) => {
  const channels = x.shape[1];
  const outputShape = [rows.rowCount, channels];
  // Without entries nothing reads the places.
  if (rows.entryCount === 0 || channels === 0) return { places: gpu.zeros(outputShape, 'int32') };
  const { factor, inputs } = entryInputs(rows, values, gpu);
  const code = () => /* wgsl */ `
    ${floatOrderCode}
    // One thread per channel of one row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = index / uniforms.channels;
      let channel = index % uniforms.channels;
      let start = starts[row];
      var greatest = -0x7fffffff;
      var place = -1;
      for (var entry = start; entry < starts[row + 1]; entry++) {
        let key = keyOf(${factor} * x[columns[entry] * uniforms.channels + channel]);
        if (key > greatest) {
          greatest = key;
          place = entry - start;
        }
      }
      result[index] = place;
    }`;
  const program = { key: `argmaxRows ${factor}`, outputShape, outputDtype: 'int32' as const, code };
  return { places: gpu.run({ ...program, inputs: { x, ...inputs }, uniforms: { channels } }) };
};

export const maxRowsGradient: WebgpuKernel<MaxRowsGradient> = ({ dy, places, values }, { rows }, gpu) => {
  const channels = dy.shape[1];
  const outputShape = [rows.columnCount, channels];
  if (rows.entryCount === 0 || channels === 0) return { dx: gpu.zeros(outputShape) };
  const { transposed } = rows;
  const code = () => /* wgsl */ `
    // One thread per channel of one column: the rows whose greatest entry lies in it, ascending.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let column = index / uniforms.channels;
      let channel = index % uniforms.channels;
      var sum = 0.0;
      for (var i = columnStarts[column]; i < columnStarts[column + 1]; i++) {
        let entry = order[i];
        let target_ = rows[i] * uniforms.channels + channel;
        if (places[target_] == entry - starts[rows[i]]) { sum += dy[target_] * ${values ? 'values[entry]' : '1.0'}; }
      }
      result[index] = sum;
    }`;
  const inputs = {
    dy,
    places,
    starts: gpu.table(rows.starts),
    columnStarts: gpu.table(transposed.starts),
    rows: gpu.table(transposed.columns),
    order: gpu.table(rows.entriesByColumn),
    ...(values && { values }),
  };
  const key = `maxRowsGradient ${values ? 'values' : ''}`;
  return { dx: gpu.run({ key, outputShape, inputs, uniforms: { channels }, code }) };
};

export const sharedMaxRowsGradient: WebgpuKernel<SharedMaxRowsGradient> = ({ dy, x, y }, { rows }, gpu) => {
  if (rows.entryCount === 0) return { dx: gpu.zeros(x.shape) };
  const uniforms = { channels: x.shape[1] };
  const sharesCode = () => /* wgsl */ `
    ${isGreatestCode}
    // One thread per channel of one row: what each of its greatest entries gets.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = index / uniforms.channels;
      let channel = index % uniforms.channels;
      var count = 0;
      for (var entry = starts[row]; entry < starts[row + 1]; entry++) {
        if (isGreatest(x[columns[entry] * uniforms.channels + channel], y[index])) { count++; }
      }
      result[index] = dy[index] / f32(max(count, 1));
    }`;
  const entries = { starts: gpu.table(rows.starts), columns: gpu.table(rows.columns) };
  const shares = gpu.run({
    key: 'maxRowsShares',
    outputShape: y.shape,
    inputs: { dy, x, y, ...entries },
    uniforms,
    code: sharesCode,
  });
  const code = () => /* wgsl */ `
    ${isGreatestCode}
    // One thread per channel of one column: the rows that it is greatest of, ascending.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let column = index / uniforms.channels;
      let channel = index % uniforms.channels;
      var sum = 0.0;
      for (var i = columnStarts[column]; i < columnStarts[column + 1]; i++) {
        let target_ = rows[i] * uniforms.channels + channel;
        if (isGreatest(x[index], y[target_])) { sum += shares[target_]; }
      }
      result[index] = sum;
    }`;
  const { transposed } = rows;
  const ofColumns = { columnStarts: gpu.table(transposed.starts), rows: gpu.table(transposed.columns) };
  const inputs = { shares, x, y, ...ofColumns };
  const dx = gpu.run({ key: 'sharedMaxRowsGradient', outputShape: x.shape, inputs, uniforms, code });
  gpu.dispose(shares);
  return { dx };
};

const isGreatestCode = /* wgsl */ `
  // A NaN makes the greatest value NaN, so a NaN is always among the greatest.
  fn isGreatest(value : f32, greatest : f32) -> bool {
    return value == greatest || isnan(value);
  }`;
