import { moments, mul, sqrt, tensor1d, type Tensor2D } from '@tensorflow/tfjs-core';
import type { ShakespeareSae } from '@tfjs-sparse/shakespeare-sae';
import type { Steering as NetworkSteering } from '@tfjs-sparse/shakespeare-topk';
import type { Steering } from './tasks.js';

/**
 * Adds to the residual stream what the decoder adds where the feature is `amount` stronger: its row, at the length that the
 * autoencoder uses it at, in units of each character's deviation where it normalises them.
 */
export async function steeringOf(sae: ShakespeareSae, { feature, amount }: Steering): Promise<NetworkSteering> {
  const row = await sae.direction(feature);
  const length = sae.layer.getConfig().unitNorm === true ? Math.hypot(...row) : 1;
  const added = row.map((value) => (value * amount) / length);
  const { block } = sae;
  if (sae.layer.settings.normalization !== 'layerNorm') return { block, delta: added };
  const delta = (residual: Tensor2D): Tensor2D => {
    const deviation = sqrt(moments(residual, 1, true).variance);
    return mul(deviation, tensor1d(added));
  };
  return { block, delta };
}
