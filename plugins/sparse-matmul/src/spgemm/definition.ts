import type { Tensor } from '@tensorflow/tfjs-core';
import { runOp, type CompressedRows, type OpDefinition } from '@tfjs-sparse/core';
import type { RowDots, Spgemm } from './attributes.js';
import * as cpu from './cpu.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

export const spgemmOp: OpDefinition<Spgemm> = {
  name: 'SparseSpgemm',
  inputs: { aValues: 'float32', bValues: 'float32' },
  outputs: { values: 'float32' },
  kernels: { cpu: cpu.spgemm, wasm: wasm.spgemm, webgpu: webgpu.spgemm },
  gradient: {
    save: ['aValues', 'bValues'],
    gradients: ({ values: dy }, { aValues, bValues }, { a, b, product }) => ({
      aValues: () => rowDots(dy, product, bValues, b, a),
      bValues: () => rowDots(aValues, a.transposed, dy, product.transposed, b),
    }),
  },
  tables: (attrs) => rowDotsOp.tables!(webgpu.rowDotsOf(attrs)),
};

const rowDotsOp: OpDefinition<RowDots> = {
  name: 'SparseRowDots',
  inputs: { xValues: 'float32', yValues: 'float32' },
  outputs: { dots: 'float32' },
  kernels: { cpu: cpu.rowDots, wasm: wasm.rowDots, webgpu: webgpu.rowDots },
  tables: ({ x, y, pairs }) => [webgpu.joinedTable(x), webgpu.joinedTable(y), webgpu.placesTable(pairs)],
};

function rowDots(xValues: Tensor, x: CompressedRows, yValues: Tensor, y: CompressedRows, pairs: CompressedRows) {
  return runOp(rowDotsOp, { xValues, yValues }, { x, y, pairs }).dots;
}
