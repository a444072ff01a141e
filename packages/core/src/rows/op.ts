import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { CpuKernel, OpDefinition } from '../op/definition.js';
import { runOp } from '../op/run.js';
import type { WasmKernel } from '../op/wasm-scope.js';
import type { WebgpuKernel } from '../op/webgpu-scope.js';
import * as binaries from '../wasm-binaries.js';
import type { RowMap } from './row-map.js';

interface RowMapAttrs {
  readonly map: RowMap;
}

/**
 * Takes rows: `y[target] = x[map.index[target]]`, zeros where the index is -1. The adjoint of `sumRows`.
 *
 * @param x   `[sources, channels]`
 * @returns   `[targets, channels]`
 */
export function gatherRows(x: Tensor2D, map: RowMap): Tensor2D {
  return runOp(gatherRowsOp, { x }, { map }) as Tensor2D;
}

/**
 * Sums the rows of each source: `x[source] = sum of y[target]`, targets ascending. The adjoint of `gatherRows`.
 *
 * @param y   `[targets, channels]`
 * @returns   `[sources, channels]`
 */
export function sumRows(y: Tensor2D, map: RowMap): Tensor2D {
  return runOp(sumRowsOp, { y }, { map }) as Tensor2D;
}

const gatherRowsCpu: CpuKernel<'x', RowMapAttrs> = ({ x }, { map }) => {
  const channels = x.shape[1];
  const values = new Float32Array(map.index.length * channels);
  map.index.forEach((source, target) => {
    if (source >= 0) values.set(x.values.subarray(source * channels, (source + 1) * channels), target * channels);
  });
  return { shape: [map.index.length, channels], values };
};

const sumRowsCpu: CpuKernel<'y', RowMapAttrs> = ({ y }, { map }) => {
  const channels = y.shape[1];
  const sources = map.starts.length - 1;
  const values = new Float32Array(sources * channels);
  for (let source = 0; source < sources; source++) {
    for (const target of map.order.subarray(map.starts[source], map.starts[source + 1])) {
      for (let channel = 0; channel < channels; channel++) {
        values[source * channels + channel] += y.values[target * channels + channel];
      }
    }
  }
  return { shape: [sources, channels], values };
};

interface RowsExports {
  gatherRows(x: number, index: number, y: number, targets: number, channels: number): void;
  sumRows(y: number, starts: number, order: number, x: number, sources: number, channels: number): void;
}

const gatherRowsWasm: WasmKernel<'x', RowMapAttrs> = ({ x }, { map }, wasm) => {
  const channels = x.shape[1];
  const index = wasm.table(map.index);
  const y = wasm.output([map.index.length, channels]);
  wasm.load<RowsExports>(binaries).gatherRows(x.pointer, index, y.pointer, map.index.length, channels);
  return y;
};

const sumRowsWasm: WasmKernel<'y', RowMapAttrs> = ({ y }, { map }, wasm) => {
  const channels = y.shape[1];
  const sources = map.starts.length - 1;
  const starts = wasm.table(map.starts);
  const order = wasm.table(map.order);
  const x = wasm.output([sources, channels]);
  wasm.load<RowsExports>(binaries).sumRows(y.pointer, starts, order, x.pointer, sources, channels);
  return x;
};

const gatherRowsWebgpu: WebgpuKernel<'x', RowMapAttrs> = ({ x }, { map }, gpu) => {
  const outputShape = [map.index.length, x.shape[1]];
  if (x.shape[0] === 0) return gpu.zeros(outputShape);
  const code = /* wgsl */ `
    // One thread per channel of one target row.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let source = sources[index / uniforms.channels];
      let channel = index % uniforms.channels;
      result[index] = 0.0;
      if (source >= 0) { result[index] = x[source * uniforms.channels + channel]; }
    }`;
  return gpu.run(
    { key: 'gatherRows', outputShape, inputNames: ['x', 'sources'], uniforms: 'channels : i32,', code },
    [x, gpu.table(map.index)],
    [{ type: 'int32', data: [x.shape[1]] }],
  );
};

const sumRowsWebgpu: WebgpuKernel<'y', RowMapAttrs> = ({ y }, { map }, gpu) => {
  const outputShape = [map.starts.length - 1, y.shape[1]];
  if (map.order.length === 0) return gpu.zeros(outputShape);
  const code = /* wgsl */ `
    // One thread per channel of one source row: sums its targets in ascending order.
    fn main(index : i32) {
      if (index >= uniforms.size) { return; }
      let source = index / uniforms.channels;
      let channel = index % uniforms.channels;
      var sum = 0.0;
      for (var i = starts[source]; i < starts[source + 1]; i++) {
        sum += y[order[i] * uniforms.channels + channel];
      }
      result[index] = sum;
    }`;
  return gpu.run(
    { key: 'sumRows', outputShape, inputNames: ['y', 'starts', 'order'], uniforms: 'channels : i32,', code },
    [y, gpu.table(map.starts), gpu.table(map.order)],
    [{ type: 'int32', data: [y.shape[1]] }],
  );
};

export const gatherRowsOp: OpDefinition<'x', RowMapAttrs> = {
  name: 'SparseGatherRows',
  kernels: { cpu: gatherRowsCpu, wasm: gatherRowsWasm, webgpu: gatherRowsWebgpu },
  gradient: { save: [], gradients: (dy: Tensor, _saved, { map }) => ({ x: () => sumRows(dy as Tensor2D, map) }) },
  tables: ({ map }) => [map.index],
};

export const sumRowsOp: OpDefinition<'y', RowMapAttrs> = {
  name: 'SparseSumRows',
  kernels: { cpu: sumRowsCpu, wasm: sumRowsWasm, webgpu: sumRowsWebgpu },
  gradient: { save: [], gradients: (dx: Tensor, _saved, { map }) => ({ y: () => gatherRows(dx as Tensor2D, map) }) },
  tables: ({ map }) => [map.starts, map.order],
};
