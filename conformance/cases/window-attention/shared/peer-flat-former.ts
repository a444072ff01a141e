import type { PeerReader } from '../../../src/peer-goldens.js';
import type { Signature } from '../../../src/tensor-operation.js';
import { orientedTensor, tensorOf } from './peer-attention.js';
import { attributesOf, int32Tensor, integersOf, piecesOfSize, sourceOf } from './peer-tables.js';

const names = {
  qkv: 'attn.attn.in_proj_weight',
  qkvBias: 'attn.attn.in_proj_bias',
  output: 'attn.attn.out_proj.weight',
  outputBias: 'attn.attn.out_proj.bias',
  inner: 'fc1.weight',
  innerBias: 'fc1.bias',
  outer: 'fc2.weight',
  outerBias: 'fc2.bias',
  scale1: 'norm1.weight',
  offset1: 'norm1.bias',
  scale2: 'norm2.weight',
  offset2: 'norm2.bias',
};

const tolerance = { output: 1e-5, gradient: 1e-4, reason: 'float32 sums in another order than the peer' };

/**
 * FlatFormer's BasicBlock with the file's own groups: its grids are small for their windows, so that the peer's groups mix
 * clouds, which ours never do.
 */
export function peerFlatFormer(operation: Signature): PeerReader {
  return (file) => {
    const isBlock = file.tensors.has('w.block_list.0.block.3.fc1.weight');
    if (sourceOf(file) !== 'mit-han-lab/flatformer' || !isBlock) return null;
    const attributes = attributesOf<{
      activation: string;
      group_size: number;
      num_heads: number;
      window_shape: number[];
    }>(file);
    const weights = (start: string) =>
      Object.fromEntries(
        [0, 1, 2, 3].flatMap((layer) =>
          Object.entries(names).map(([ours, theirs]) => {
            const path = `${start}w.block_list.0.block.${layer}.${theirs}`;
            return [`${ours}_${layer}`, orientedTensor(file, path, tensorOf(file, path).shape.length === 2)];
          }),
        ),
      );
    const rows = integersOf(file, 'in.coords');
    const tokens = integersOf(file, 'idx.flat2win');
    const sets = ['x', 'x_shift', 'y', 'y_shift'].map((name) => {
      const order = integersOf(file, `idx.${name}`);
      return piecesOfSize(
        tokens.map((token) => order[token]),
        attributes.group_size,
      );
    });
    return [
      {
        operation,
        attrs: {
          heads: attributes.num_heads,
          windowSize: [...attributes.window_shape].reverse(),
          groupSize: attributes.group_size,
          activation: attributes.activation,
          sets,
        },
        inputs: {
          x: tensorOf(file, 'in.x'),
          position: tensorOf(file, 'out.pe'),
          coordinates: int32Tensor(rows, [rows.length / 4, 4]),
          ...weights(''),
        },
        outputs: { y: tensorOf(file, 'out.y') },
        cotangents: { y: tensorOf(file, 'gout.y') },
        gradients: { x: tensorOf(file, 'grad.x'), ...weights('grad.') },
        tolerance,
      },
    ];
  };
}
