import type { Safetensors, SafetensorsTensor } from '@tfjs-sparse/core';
import type { PeerReader } from '../../../src/peer-goldens.js';
import type { Signature } from '../../../src/tensor-operation.js';
import { attributesOf, int32Tensor, integersOf, piecesOf, sourceOf } from './peer-tables.js';

const tolerance = {
  output: 1e-5,
  gradient: 1e-4,
  reason: 'float32 sums in another order than the peer',
};

/** Attention within patches of Point Transformer V3 and LitePT; the patches are the file's own. */
export function peerAttention(operation: Signature): PeerReader {
  return (file, name) => {
    const isLitePT = sourceOf(file) === 'prs-eth/LitePT';
    if (!/^attention/.test(name) || !(isLitePT || sourceOf(file) === 'Pointcept/PointTransformerV3')) return null;
    const { num_heads: heads, rope_freq: rope } = attributesOf<{ num_heads: number; rope_freq?: number }>(file);
    const prefix = isLitePT ? 'idx' : 'out';
    const [order, pad, starts] = ['order', 'pad', 'cu_seqlens'].map((table) => integersOf(file, `${prefix}.${table}`));
    const sets = piecesOf(
      pad.map((rank) => order[rank]),
      starts,
    ); // a patch borrows from the one before it, so that a site's first slot is its place
    const batches = integersOf(file, 'in.batch');
    const positions = integersOf(file, 'in.grid_coord');
    const coordinates = batches.flatMap((batch, point) => [batch, ...positions.slice(3 * point, 3 * point + 3)]);
    const names = {
      qkv: 'w.qkv.weight',
      qkvBias: 'w.qkv.bias',
      output: 'w.proj.weight',
      outputBias: 'w.proj.bias',
      ...(file.tensors.has('w.rpe.rpe_table') && { bias: 'w.rpe.rpe_table' }),
    };
    const weights = (start: string) =>
      Object.fromEntries(
        Object.entries(names).map(([ours, theirs]) => [
          ours,
          orientedTensor(file, start + theirs, ['qkv', 'output'].includes(ours)),
        ]),
      );
    return [
      {
        operation,
        attrs: { sets, heads, ...(rope !== undefined && { rope }) },
        inputs: {
          x: tensorOf(file, 'in.x'),
          ...weights(''),
          ...((rope !== undefined || 'bias' in names) && {
            coordinates: int32Tensor(coordinates, [batches.length, 4]),
          }),
        },
        outputs: { y: tensorOf(file, 'out.y') },
        cotangents: { y: tensorOf(file, 'gout.y') },
        gradients: { x: tensorOf(file, 'grad.x'), ...weights('grad.') },
        tolerance,
      },
    ];
  };
}

export function tensorOf(file: Safetensors, name: string): SafetensorsTensor {
  const found = file.tensors.get(name);
  if (!found) throw new RangeError(`golden: the file must have the tensor '${name}', got none`);
  return found;
}

/** A matrix as we have it, whose rows are the inputs. */
export function orientedTensor(file: Safetensors, name: string, isTransposed: boolean): SafetensorsTensor {
  const given = tensorOf(file, name);
  if (!isTransposed) return given;
  const [rows, columns] = given.shape;
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < values.length; i++)
    values[(i % columns) * rows + Math.floor(i / columns)] = Number(given.values[i]);
  return { dtype: 'F32', shape: [columns, rows], values };
}
