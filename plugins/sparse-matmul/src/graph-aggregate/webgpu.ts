import type { WebgpuKernel, WebgpuScope } from '@tfjs-sparse/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CompressedRows } from '../sparse-matrix/compressed-rows.js';
import type { AggregateAttrs, EntriesAttrs } from './op.js';

export const aggregate: WebgpuKernel<'x' | 'values', AggregateAttrs> = ({ x, values }, { entries, reduction }, gpu) => {
  const outputShape = [entries.rowCount, x.shape[1]];
  if (isEmpty(outputShape, entries)) return gpu.zeros(outputShape);
  const value = entryValue(values, entries, gpu);
  const divisor = reduction === 'mean' ? 'f32(max(end - start, 1))' : '1.0';
  const sum = /* wgsl */ `
      var sum = 0.0;
      for (var entry = start; entry < end; entry++) {
        sum += ${value.code} * x[columns[entry] * uniforms.features + feature];
      }
      result[index] = sum / ${divisor};`;
  const greatest = /* wgsl */ `
      var greatest = -0x7fffffff;
      for (var entry = start; entry < end; entry++) {
        greatest = max(greatest, keyOf(${value.code} * x[columns[entry] * uniforms.features + feature]));
      }
      let bits = select(greatest, greatest ^ 0x7fffffff, greatest < 0);
      result[index] = bitcast<f32>(select(0, bits, start < end));`;
  const code = /* wgsl */ `
    ${keyCode}
    // One thread per feature of one row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = index / uniforms.features;
      let feature = index % uniforms.features;
      let start = starts[row];
      let end = starts[row + 1];
      ${reduction === 'max' ? greatest : sum}
    }`;
  const inputNames = ['x', 'starts', 'columns', ...value.names];
  return gpu.run(
    { key: `sparseAggregate ${reduction} ${value.names.join()}`, outputShape, inputNames, uniforms, code },
    [x, gpu.table(entries.starts), gpu.table(entries.columns), ...value.tensors],
    [{ type: 'int32', data: [x.shape[1]] }],
  );
};

export const argmax: WebgpuKernel<'x' | 'values', EntriesAttrs> = ({ x, values }, { entries }, gpu) => {
  const outputShape = [entries.rowCount, x.shape[1]];
  // Without entries nothing reads the places.
  if (isEmpty(outputShape, entries)) return gpu.zeros(outputShape);
  const value = entryValue(values, entries, gpu);
  const code = /* wgsl */ `
    ${keyCode}
    // One thread per feature of one row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = index / uniforms.features;
      let feature = index % uniforms.features;
      let start = starts[row];
      var greatest = -0x7fffffff;
      var place = -1;
      for (var entry = start; entry < starts[row + 1]; entry++) {
        let key = keyOf(${value.code} * x[columns[entry] * uniforms.features + feature]);
        if (key > greatest) {
          greatest = key;
          place = entry - start;
        }
      }
      result[index] = f32(place);
    }`;
  const inputNames = ['x', 'starts', 'columns', ...value.names];
  return gpu.run(
    { key: `sparseAggregateArgmax ${value.names.join()}`, outputShape, inputNames, uniforms, code },
    [x, gpu.table(entries.starts), gpu.table(entries.columns), ...value.tensors],
    [{ type: 'int32', data: [x.shape[1]] }],
  );
};

export const maxGradient: WebgpuKernel<'dy' | 'argmax' | 'values', EntriesAttrs> = (inputs, { entries }, gpu) => {
  const { dy, argmax: places, values } = inputs;
  const outputShape = [entries.columnCount, dy.shape[1]];
  if (isEmpty(outputShape, entries)) return gpu.zeros(outputShape);
  const { transposed } = entries;
  const code = /* wgsl */ `
    // One thread per feature of one column: the rows whose greatest entry lies in it, ascending.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let column = index / uniforms.features;
      let feature = index % uniforms.features;
      var sum = 0.0;
      for (var i = columnStarts[column]; i < columnStarts[column + 1]; i++) {
        let entry = order[i];
        let target_ = rows[i] * uniforms.features + feature;
        if (i32(places[target_]) == entry - starts[rows[i]]) { sum += dy[target_] * ${values ? 'values[entry]' : '1.0'}; }
      }
      result[index] = sum;
    }`;
  const names = ['dy', 'places', 'starts', 'columnStarts', 'rows', 'order', ...(values ? ['values'] : [])];
  const tables = [entries.starts, transposed.starts, transposed.columns, transposed.order!];
  return gpu.run(
    { key: `sparseAggregateMaxGradient ${names.length}`, outputShape, inputNames: names, uniforms, code },
    [dy, places, ...tables.map((table) => gpu.table(table)), ...(values ? [values] : [])],
    [{ type: 'int32', data: [dy.shape[1]] }],
  );
};

export const entryProducts: WebgpuKernel<'a' | 'b' | 'argmax', EntriesAttrs> = (inputs, { entries }, gpu) => {
  const { a, b, argmax: places } = inputs;
  const outputShape = [entries.entryCount];
  if (entries.entryCount === 0 || a.shape[1] === 0) return gpu.zeros(outputShape);
  const isCounted = places ? 'i32(places[row * uniforms.features + feature]) == index - starts[row]' : 'true';
  const code = /* wgsl */ `
    // One thread per entry.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let row = rows[index];
      let column = columns[index];
      var sum = 0.0;
      for (var feature = 0; feature < uniforms.features; feature++) {
        if (${isCounted}) { sum += a[row * uniforms.features + feature] * b[column * uniforms.features + feature]; }
      }
      result[index] = sum;
    }`;
  const inputNames = ['a', 'b', 'rows', 'columns', ...(places ? ['places', 'starts'] : [])];
  return gpu.run(
    { key: `sparseEntryProducts ${inputNames.length}`, outputShape, inputNames, uniforms, code },
    [a, b, gpu.table(entries.rows), gpu.table(entries.columns), ...(places ? [places, gpu.table(entries.starts)] : [])],
    [{ type: 'int32', data: [a.shape[1]] }],
  );
};

const uniforms = 'features : i32,';

/** Integers in the order of the floats, NaN above all: shader compilers may assume that floats hold no NaN. */
const keyCode = /* wgsl */ `
    fn keyOf(value : f32) -> i32 {
      if (isnan(value)) { return 0x7fc00000; }
      if (value == 0.0) { return 0; } // -0 and 0 are equal
      let bits = bitcast<i32>(value);
      return select(bits, bits ^ 0x7fffffff, bits < 0);
    }`;

/** The WGSL of the value of `entry`, and the inputs that it reads. */
function entryValue(values: TensorInfo | undefined, { order }: CompressedRows, gpu: WebgpuScope) {
  if (!values) return { code: '1.0', names: [], tensors: [] };
  if (!order) return { code: 'values[entry]', names: ['values'], tensors: [values] };
  return { code: 'values[order[entry]]', names: ['values', 'order'], tensors: [values, gpu.table(order)] };
}

/** Buffers of 0 bytes cannot be bound. */
function isEmpty(outputShape: readonly number[], { entryCount }: CompressedRows): boolean {
  return entryCount === 0 || outputShape.includes(0);
}
