import type { OpDefinition } from '../../op/definition.js';
import type { EntryProducts } from './attributes.js';
import { entryProductsCpu } from './cpu.js';
import { entryProductsWasm } from './wasm.js';
import { entryProductsWebgpu } from './webgpu.js';

/** Per entry, the product of the row `a[row]` with the row `b[column]`, of all channels or of those that it is greatest of. */
export const entryProductsOp: OpDefinition<EntryProducts> = {
  name: 'SparseEntryProducts',
  inputs: { a: 'float32', b: 'float32', places: 'int32' },
  outputs: { products: 'float32' },
  kernels: { cpu: entryProductsCpu, wasm: entryProductsWasm, webgpu: entryProductsWebgpu },
  tables: ({ rows }) => [rows.starts, rows.columns, rows.rows],
};
