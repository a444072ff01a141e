import type { OpDefinition } from '@tfjs-sparse/core';
import { encodeGradients } from '../dictionary-products/definitions.js';
import type { EncodeTopK } from './attributes.js';
import { encodeTopKCpu } from './cpu.js';
import { encodeTopKWasm } from './wasm.js';
import { encodeTopKWebgpu } from './webgpu.js';

export const encodeTopKOp: OpDefinition<EncodeTopK> = {
  name: 'SparseEncodeTopK',
  inputs: { x: 'float32', dictionary: 'float32', bias: 'float32' },
  outputs: { values: 'float32', indices: 'int32' },
  kernels: { cpu: encodeTopKCpu, wasm: encodeTopKWasm, webgpu: encodeTopKWebgpu },
  gradient: {
    save: ['x', 'dictionary'],
    saveOutputs: ['indices'],
    gradients: ({ values }, { x, dictionary, indices }, { layout }) =>
      encodeGradients(values, x, dictionary, indices, layout),
  },
};
