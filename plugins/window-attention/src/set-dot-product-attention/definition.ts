import { reshape, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { columnSums, CompressedRows, derivedKey, reduceRows, runOp, type OpDefinition } from '@tfjs-sparse/core';
import type {
  AnySetAttention,
  BiasedSetAttention,
  SetAttentionGradient,
  SetDotProductAttention,
} from './attributes.js';
import { setDotProductAttentionCpu } from './cpu.js';
import { setAttentionGradientCpu } from './gradient-cpu.js';
import { setAttentionGradientWasm } from './gradient-wasm.js';
import { setAttentionGradientWebgpu } from './gradient-webgpu.js';
import { setDotProductAttentionWasm } from './wasm.js';
import { setDotProductAttentionWebgpu } from './webgpu.js';
import { gpuLists } from './webgpu-lists.js';

const kernels = {
  cpu: setDotProductAttentionCpu,
  wasm: setDotProductAttentionWasm,
  webgpu: setDotProductAttentionWebgpu,
};

export const setDotProductAttentionOp: OpDefinition<SetDotProductAttention> = {
  name: 'SparseSetDotProductAttention',
  inputs: { q: 'float32', k: 'float32', v: 'float32' },
  outputs: { y: 'float32', logSumExp: 'float32' },
  kernels,
  tables,
  gradient: {
    save: ['q', 'k', 'v'],
    saveOutputs: ['y', 'logSumExp'],
    gradients: ({ y: dy }, saved, attrs) => {
      const { q, k, v } = attentionGradients({ ...saved, dy }, attrs);
      return { q: () => q, k: () => k, v: () => v };
    },
  },
};

export const biasedSetAttentionOp: OpDefinition<BiasedSetAttention> = {
  name: 'SparseBiasedSetAttention',
  inputs: { q: 'float32', k: 'float32', v: 'float32', bias: 'float32' },
  outputs: { y: 'float32', logSumExp: 'float32' },
  kernels,
  tables,
  gradient: {
    save: ['q', 'k', 'v', 'bias'],
    saveOutputs: ['y', 'logSumExp'],
    gradients: ({ y: dy }, saved, attrs) => {
      const { q, k, v, bias } = attentionGradients({ ...saved, dy }, attrs);
      return { q: () => q, k: () => k, v: () => v, bias: () => bias! };
    },
  },
};

/** Of `dy` to the operands of the attention that gave `y` and `logSumExp`. */
export function attentionGradients(
  inputs: { readonly [Name in keyof SetAttentionGradient['inputs']]: Tensor },
  attrs: AnySetAttention['attrs'],
): { readonly q: Tensor; readonly k: Tensor; readonly v: Tensor; readonly bias: Tensor | undefined } {
  const { dq, dk, dv, dbias } = runOp(setAttentionGradientOp, inputs, attrs);
  return {
    q: dq,
    k: bySite(dk, attrs),
    v: bySite(dv, attrs),
    bias: inputs.bias && reshape(columnSums(dbias as Tensor2D), inputs.bias.shape),
  };
}

const setAttentionGradientOp: OpDefinition<SetAttentionGradient> = {
  name: 'SparseSetAttentionGradient',
  inputs: {
    q: 'float32',
    k: 'float32',
    v: 'float32',
    bias: 'float32',
    y: 'float32',
    logSumExp: 'float32',
    dy: 'float32',
  },
  outputs: { dq: 'float32', dk: 'float32', dv: 'float32', dbias: 'float32' },
  kernels: { cpu: setAttentionGradientCpu, wasm: setAttentionGradientWasm, webgpu: setAttentionGradientWebgpu },
  tables,
};

const placesOfSites = derivedKey<CompressedRows>();

/** The sum over the places that a site has in the lists of keys, in their order. */
function bySite(ofPlaces: Tensor, { lists }: AnySetAttention['attrs']): Tensor {
  const { keys } = lists;
  const places = keys.derived(placesOfSites, (own) => {
    const shape = [keys.columnCount, keys.entryCount] as const;
    return own(CompressedRows.from(shape, keys.transposed.starts, keys.entriesByColumn));
  });
  return reduceRows(ofPlaces as Tensor2D, places, 'sum');
}

function tables(attrs: AnySetAttention['attrs']): readonly Int32Array[] {
  return [gpuLists(attrs).table];
}
