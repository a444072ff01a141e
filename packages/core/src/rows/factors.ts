import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { HostTensor } from '../op/definition.js';
import type { WasmScope, WasmTensor } from '../op/wasm-scope.js';
import type { WebgpuScope } from '../op/webgpu-kernel.js';
import type { CompressedRows } from './compressed-rows.js';

// The factor of an entry is its constant weight, its value in a tensor of values, or 1.

export function factorOf({ weights, order }: CompressedRows, values?: HostTensor): (entry: number) => number {
  if (values) return (entry) => values.values[order ? order[entry] : entry];
  return weights ? (entry) => weights[entry] : () => 1;
}

/** The tables of the rows and their factors, as the kernels of `entries.as.ts` take them. */
export function entryPointers(rows: CompressedRows, values: WasmTensor | undefined, wasm: WasmScope) {
  const { weightBits, order, starts, columns } = rows;
  return {
    values: values ? values.pointer : weightBits ? wasm.table(weightBits) : 0,
    order: values && order ? wasm.table(order) : 0,
    starts: wasm.table(starts),
    columns: wasm.table(columns),
  };
}

/** The inputs that a shader reads of the rows and their factors, and the WGSL of the factor of `entry`. */
export function entryInputs(
  { starts, columns, weightBits, order }: CompressedRows,
  values: TensorInfo | undefined,
  gpu: WebgpuScope,
) {
  const inputs = { starts: gpu.table(starts), columns: gpu.table(columns) };
  if (!values) {
    if (!weightBits) return { factor: '1.0', inputs };
    return { factor: 'bitcast<f32>(weights[entry])', inputs: { ...inputs, weights: gpu.table(weightBits) } };
  }
  if (!order) return { factor: 'values[entry]', inputs: { ...inputs, values } };
  return { factor: 'values[order[entry]]', inputs: { ...inputs, values, order: gpu.table(order) } };
}

/** The tables that `entryInputs` reads without values. */
export function entryTables({ starts, columns, weightBits }: CompressedRows): Int32Array[] {
  return weightBits ? [starts, columns, weightBits] : [starts, columns];
}

/** The tables that `entryInputs` reads with values. */
export function valueTables({ starts, columns, order }: CompressedRows): Int32Array[] {
  return order ? [starts, columns, order] : [starts, columns];
}
