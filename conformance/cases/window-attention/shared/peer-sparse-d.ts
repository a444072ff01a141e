import type { Safetensors, SafetensorsTensor } from '@tfjs-sparse/core';
import type { Tolerance } from '../../../src/golden-file.js';
import type { PeerCase, PeerReader } from '../../../src/peer-goldens.js';
import type { Signature } from '../../../src/tensor-operation.js';
import { inHeads } from './in-heads.js';
import { attributesOf, int32Tensor, integersOf, sourceOf } from './peer-tables.js';

/** Places of a list of so many blocks. */
type Width = (count: number, options: { readonly select: number; readonly promptBlocks?: number }) => number;

interface PeerAttributes {
  readonly block_size: number;
  readonly keep_ratio: number;
  readonly select: number;
  readonly n_heads: number;
  readonly first_generation_block: number;
}

/** The masks of blocks as lists; of files of two steps the first, which attends to all and selects. */
export function peerSparseD(selection: Signature, widthOf: Width, tolerance: Tolerance): PeerReader {
  return (file) => {
    if (sourceOf(file) !== 'INV-WZQ/SparseD') return null;
    const { block_size: size, ...attributes } = attributesOf<PeerAttributes>(file);
    const isStep = file.tensors.has('in.q_select');
    const options = isStep
      ? {
          select: attributes.select,
          promptBlocks: attributes.first_generation_block,
          scale: attributes.n_heads ** -0.5,
        }
      : { select: attributes.keep_ratio, scale: 1 };
    const { q, k, v } = isStep
      ? operandsOf(file, attributes.n_heads)
      : scoresAsOperands(file.tensors.get('in.attn_prob')!);
    const selecting: PeerCase = {
      operation: selection,
      attrs: { queryBlock: size, keyBlock: size, ...options },
      inputs: { q, k },
      outputs: { blocks: listedBlocks(file, (count) => widthOf(count, options)) },
      tolerance,
    };
    if (!v) return [selecting];
    const y = inHeads(file.tensors.get('out.full_at_select_step')!, attributes.n_heads);
    return [{ ...fullAttention, inputs: { q, k, v }, outputs: { y } }, selecting];
  };
}

const everyKey = { window: { left: 1e6, right: 1e6 } };
const fullAttention = {
  operation: { op: 'block-sparse-attention', inputs: {}, outputs: { y: 'float32' } } satisfies Signature as Signature,
  attrs: { mask: everyKey },
  tolerance: { output: 1e-5, gradient: 0, reason: 'float32 sums in another order than the peer' },
};

function operandsOf(file: Safetensors, heads: number): Record<string, SafetensorsTensor> {
  return Object.fromEntries(
    ['q', 'k', 'v'].map((name) => [name, inHeads(file.tensors.get(`in.${name}_select`)!, heads)]),
  );
}

/** Given shares as a softmax: their logarithms are the products of queries with unit vectors. */
function scoresAsOperands({ shape, values }: SafetensorsTensor): Record<string, SafetensorsTensor> {
  const [batches, heads, , keys] = shape;
  const units = Float32Array.from({ length: batches * heads * keys * keys }, (_, i) =>
    Number(i % keys === Math.floor(i / keys) % keys),
  );
  return {
    q: { dtype: 'F32', shape, values: Float32Array.from(values as Float32Array, Math.log) },
    k: { dtype: 'F32', shape: [batches, heads, keys, keys], values: units },
  };
}

function listedBlocks(file: Safetensors, widthOf: (count: number) => number): SafetensorsTensor {
  const { shape } = file.tensors.get('out.block_mask')!;
  const [count, mask] = [shape[3], integersOf(file, 'out.block_mask')];
  const width = widthOf(count);
  const lists = Array.from({ length: mask.length / count }, (_, row) => {
    const kept = Array.from({ length: count }, (_, block) => block).filter((block) => mask[row * count + block] > 0);
    return Array.from({ length: width }, (_, i) => kept[i] ?? -1);
  });
  return int32Tensor(lists.flat(), [...shape.slice(0, 3), width]);
}
