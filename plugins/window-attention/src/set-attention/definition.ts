import type { OpDefinition } from '@tfjs-sparse/core';
import { optionalInputs, type SetAttention } from './attributes.js';
import { setAttentionGradients, type SetAttentionOperands } from './compose.js';
import { setAttentionCpu } from './cpu.js';
import { setAttentionWasm } from './wasm.js';

/** By the optional inputs that are present: at most sixteen, made once, as tfjs knows an op by its object. */
const ops = new Map<string, OpDefinition<SetAttention>>();

/** The op whose optional inputs are those that are present. */
export function setAttentionOp(operands: SetAttentionOperands): OpDefinition<SetAttention> {
  const present = optionalInputs.filter((name) => operands[name]);
  const key = present.join();
  let op = ops.get(key);
  if (!op) ops.set(key, (op = define(present)));
  return op;
}

function define(present: readonly (typeof optionalInputs)[number][]): OpDefinition<SetAttention> {
  const save = ['x', 'qkv', 'output', ...present] as const;
  return {
    name: ['SparseSetAttention', ...present].join('-'),
    inputs: {
      x: 'float32',
      qkv: 'float32',
      output: 'float32',
      position: 'float32',
      qkvBias: 'float32',
      outputBias: 'float32',
      bias: 'float32',
    },
    outputs: { y: 'float32' },
    // With sites the op is composed of others on webgpu (op.ts), whose products refuse tensors without elements.
    kernels: { cpu: setAttentionCpu, wasm: setAttentionWasm, webgpu: ({ x }, _, gpu) => ({ y: gpu.zeros(x.shape) }) },
    gradient: {
      save,
      gradients: ({ y: dy }, saved, attrs) => {
        const found = setAttentionGradients(saved, dy, attrs);
        return Object.fromEntries(save.map((name) => [name, () => found[name]!]));
      },
    },
  };
}
