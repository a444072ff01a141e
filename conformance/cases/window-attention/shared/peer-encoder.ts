import type { PeerReader } from '../../../src/peer-goldens.js';
import type { Signature } from '../../../src/tensor-operation.js';
import { orientedTensor, tensorOf } from './peer-attention.js';
import { attributesOf, integersOf, piecesOfSize, sourceOf } from './peer-tables.js';

/** DSVT's names of the weights of an encoder layer, by ours. */
export const encoderNames = {
  qkv: 'self_attn.in_proj_weight',
  qkvBias: 'self_attn.in_proj_bias',
  output: 'self_attn.out_proj.weight',
  outputBias: 'self_attn.out_proj.bias',
  inner: 'linear1.weight',
  innerBias: 'linear1.bias',
  outer: 'linear2.weight',
  outerBias: 'linear2.bias',
  scale1: 'norm1.weight',
  offset1: 'norm1.bias',
  scale2: 'norm2.weight',
  offset2: 'norm2.bias',
};

interface PeerAttributes {
  readonly nhead: number;
  readonly set_size: number;
  readonly onnx_export: boolean;
}

const tolerance = { output: 1e-5, gradient: 1e-4, reason: 'float32 sums in another order than the peer' };

/**
 * DSVT's SetAttention, and its encoder layer with one more normalization. Where the peer's exported graph takes the last of
 * a site's slots the result is the same: all of them are in one set.
 */
export function peerEncoder(operation: Signature): PeerReader {
  return (file) => {
    if (sourceOf(file) !== 'Haiyang-W/DSVT' || !file.tensors.has('idx.set_inds') || !file.tensors.has('in.pos'))
      return null;
    const { nhead: heads, set_size: size, onnx_export: isExported } = attributesOf<PeerAttributes>(file);
    const isLayer = file.tensors.has('w.norm.weight');
    const weights = (start: string) =>
      Object.fromEntries([
        ...Object.entries(encoderNames).map(([ours, theirs]) => {
          const path = `${start}w.${isLayer ? 'win_attn.' : ''}${theirs}`;
          return [ours, orientedTensor(file, path, tensorOf(file, path).shape.length === 2)];
        }),
        ...(isLayer
          ? ([
              ['outerScale', tensorOf(file, `${start}w.norm.weight`)],
              ['outerOffset', tensorOf(file, `${start}w.norm.bias`)],
            ] as const)
          : []),
      ]);
    const sets = piecesOfSize(integersOf(file, 'idx.set_inds'), size);
    const isKey = piecesOfSize(integersOf(file, 'idx.set_mask').map((isRepeat) => isRepeat === 0), size); // prettier-ignore
    return [
      {
        operation,
        attrs: { sets, isKey, heads, activation: 'relu', order: 'normLast' },
        inputs: { x: tensorOf(file, 'in.x'), position: tensorOf(file, 'in.pos'), ...weights('') },
        outputs: { y: tensorOf(file, 'out.y') },
        // In the exported graph gradients also go to what a site's last slot wrote over.
        ...(!isExported && {
          cotangents: { y: tensorOf(file, 'gout.y') },
          gradients: { x: tensorOf(file, 'grad.x'), position: tensorOf(file, 'grad.pos'), ...weights('grad.') },
        }),
        tolerance,
      },
    ];
  };
}
