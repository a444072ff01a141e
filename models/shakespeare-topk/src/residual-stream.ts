import { tidy, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';

// The layers of a network: its input, the embedding, blocks that each give the residual stream behind them, a norm, the scores.

/** Makes other activations of those of a block, in the same shape `[batch, length, width]`. */
export type Change = (residual: Tensor3D) => Tensor3D;

/** How many blocks a network has. */
export function blockCount(network: LayersModel): number {
  return network.layers.length - 4;
}

/**
 * The residual stream behind a block.
 *
 * @param indices of characters, `[batch, length]`
 * @param block   from 0
 * @returns       `[batch, length, width]`
 */
export function residualStream(network: LayersModel, indices: Tensor2D, block: number): Tensor3D {
  requireBlock('residualStream', network, block);
  return tidy(() => apply(network, indices, 1, block + 3) as Tensor3D);
}

/**
 * The scores of the next characters, `[batch, length, characters]`, where the residual stream behind a block is changed.
 *
 * @param indices of characters, `[batch, length]`
 * @param block   from 0
 */
export function changedScores(network: LayersModel, indices: Tensor2D, block: number, change: Change): Tensor3D {
  requireBlock('changedScores', network, block);
  return tidy(() => {
    const changed = change(apply(network, indices, 1, block + 3) as Tensor3D);
    return apply(network, changed, block + 3, network.layers.length) as Tensor3D;
  });
}

export function requireBlock(op: string, network: LayersModel, block: number): void {
  const last = blockCount(network) - 1;
  const isBlock = Number.isInteger(block) && block >= 0 && block <= last;
  requireRange(isBlock, op, `block must be an integer from 0 to ${last}`, block);
}

function apply(network: LayersModel, x: Tensor2D | Tensor3D, first: number, end: number): Tensor2D | Tensor3D {
  return network.layers.slice(first, end).reduce((y, layer) => layer.apply(y) as Tensor3D, x);
}
