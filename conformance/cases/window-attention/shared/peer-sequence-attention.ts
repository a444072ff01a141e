import type { Safetensors, SafetensorsTensor } from '@tfjs-sparse/core';
import type { PeerReader } from '../../../src/peer-goldens.js';
import type { Signature } from '../../../src/tensor-operation.js';
import type { MaskDescription } from './mask-description.js';
import { attributesOf, integersOf } from './peer-tables.js';

const tolerance = {
  output: 1e-5,
  gradient: 1e-4,
  reason: 'float32 sums in another order than the peer',
};

interface Attributes {
  readonly pattern: string;
  readonly left: number;
  readonly right: number;
  readonly width: number;
  readonly offsets: readonly number[];
  readonly half_width: number;
  readonly columns: readonly number[];
  readonly local?: number;
  readonly block: number;
  readonly query_block: number;
  readonly key_block: number;
  readonly causal?: boolean;
  readonly scale?: number;
}

/** Attention of sequences with patterns of masks, from files that have `[batches, heads, tokens, channels]`. */
export function peerSequenceAttention(operation: Signature): PeerReader {
  return (file) => {
    if (!file.metadata.has('attributes')) return null;
    const attributes = attributesOf<Attributes>(file);
    const pattern = patterns[attributes.pattern];
    if (!pattern) return null;
    const mask = pattern(attributes, file);
    const { causal, scale } = attributes;
    return [
      {
        operation,
        attrs: { mask: causal ? { causal: mask } : mask, ...(scale !== undefined && { scale }) },
        inputs: tensorsOf(file, 'in'),
        outputs: { y: file.tensors.get('out.y')! },
        cotangents: { y: file.tensors.get('gout.y')! },
        gradients: tensorsOf(file, 'grad'),
        tolerance,
      },
    ];
  };
}

const patterns: Readonly<Record<string, (attributes: Attributes, file: Safetensors) => MaskDescription>> = {
  sliding_window: ({ left, right }) => ({ window: { left, right } }),
  diagonal: ({ width }) => ({ window: { left: (width - 1) / 2, right: (width - 1) / 2 } }),
  multi_diagonal: ({ offsets, half_width: halfWidth }) => ({ diagonals: { offsets, halfWidth } }),
  vertical_stripes: ({ columns, local }) =>
    local === undefined
      ? { stripes: columns }
      : { union: [{ stripes: columns }, { window: { left: local, right: local } }] },
  block_sparse: ({ block }, file) => ({ blocks: { queries: block, keys: block, lists: listsOf(file, 'kv_indices', 'kv_num_blocks') } }), // prettier-ignore
  selected_blocks: ({ query_block: queries, key_block: keys }, file) => ({
    blocks: { queries, keys, lists: listsOf(file, 'block_indices', 'counts') },
  }),
};

/** The first of the blocks of every list, `[batches][heads][blocks of queries]`. */
function listsOf(file: Safetensors, indices: string, counts: string): number[][][][] {
  const [batches, heads, blocks, width] = file.tensors.get(`idx.${indices}`)!.shape;
  const [all, lengths] = [integersOf(file, `idx.${indices}`), integersOf(file, `idx.${counts}`)];
  const listOf = (row: number) => all.slice(row * width, row * width + lengths[row]);
  return Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: heads }, (_, head) =>
      Array.from({ length: blocks }, (_, block) => listOf((batch * heads + head) * blocks + block)),
    ),
  );
}

function tensorsOf(file: Safetensors, prefix: string): Record<'q' | 'k' | 'v', SafetensorsTensor> {
  const [q, k, v] = ['q', 'k', 'v'].map((name) => file.tensors.get(`${prefix}.${name}`)!);
  return { q, k, v };
}
