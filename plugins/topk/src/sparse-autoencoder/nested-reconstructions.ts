import { add, matMul, pad, slice, type Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange } from '@tfjs-sparse/core';
import { decodeWith, dictionaryOf } from './decode.js';
import type { AutoencoderLoss } from './losses.js';
import type { Autoencoded } from './op.js';
import type { AutoencoderSettings } from './settings.js';
import type { AutoencoderWeights } from './weights.js';

/** Reconstructions by the first features alone, or, without sizes, the one by all. */
export function nestedReconstructions(
  x: Tensor2D,
  { code, reconstruction, restore }: Autoencoded,
  weights: AutoencoderWeights,
  settings: AutoencoderSettings,
  nested: AutoencoderLoss['nested'],
): { readonly reconstruction: Tensor2D; readonly weight: number }[] {
  if (!nested) return [{ reconstruction, weight: 1 }];
  const { sizes, weights: factors = sizes.map(() => 1) } = nested;
  requireSizes(sizes, factors, code.features);
  const dictionary = dictionaryOf(weights, settings);
  const [features, outWidth] = dictionary.shape;
  const { skip, decoderBias } = weights;
  let decoded: Tensor2D | null = null;
  return sizes.map((size, i) => {
    const start = i === 0 ? 0 : sizes[i - 1];
    const part: Tensor2D = slice(dictionary, [start, 0], [size - start, outWidth]);
    const alone: Tensor2D = pad(part, [
      [start, features - size],
      [0, 0],
    ]);
    const added = decodeWith(code, alone, i === 0 ? decoderBias : undefined);
    const sumSoFar: Tensor2D = decoded ? add(decoded, added) : added;
    decoded = sumSoFar;
    const restored = restore(sumSoFar);
    return {
      reconstruction: skip ? (add(restored, matMul(x, skip, false, true)) as Tensor2D) : restored,
      weight: factors[i],
    };
  });
}

function requireSizes(sizes: readonly number[], weights: readonly number[], features: number): void {
  const isAscending = sizes.every((size, i) => Number.isInteger(size) && size > (sizes[i - 1] ?? 0));
  const rule = `nested.sizes must be integers that ascend to ${features} (features)`;
  requireRange(isAscending && sizes[sizes.length - 1] === features, 'autoencoderLoss', rule, sizes);
  const isFitting = weights.length === sizes.length;
  requireRange(isFitting, 'autoencoderLoss', `nested.weights must be ${sizes.length} (as sizes)`, weights.length);
}
