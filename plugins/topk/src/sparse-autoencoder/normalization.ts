import { add, div, mean, mul, norm, sqrt, square, sub, sum, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { AutoencoderNormalization } from './settings.js';

const smallestDeviation = 1e-5; // of openai/sparse_autoencoder and SAELens

/** A normalised input, and how an output is brought back. */
export interface Normalized {
  readonly x: Tensor2D;
  readonly restore: (y: Tensor) => Tensor;
}

/** @param x `[rows, width]` */
export function normalize(x: Tensor2D, normalization: AutoencoderNormalization): Normalized {
  const width = x.shape[1];
  if (normalization === 'layerNorm') {
    const centre = mean(x, 1, true);
    const centred = sub(x, centre);
    const deviation = sqrt(div(sum(square(centred), 1, true), width - 1));
    const scaled: Tensor2D = div(centred, add(deviation, smallestDeviation));
    return { x: scaled, restore: (y) => add(mul(y, deviation), centre) };
  }
  if (normalization === 'constantNorm') {
    const factor = div(Math.sqrt(width), norm(x, 'euclidean', 1, true));
    return { x: mul(x, factor), restore: (y) => div(y, factor) };
  }
  return { x, restore: (y) => y };
}
