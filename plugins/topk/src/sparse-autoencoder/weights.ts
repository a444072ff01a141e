import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { requireRange, requireType } from '@tfjs-sparse/core';
import type { AutoencoderActivation } from './settings.js';

/** A row per feature everywhere: `encoder` is torch's `encoder.weight` and SAELens' `W_enc` transposed. */
export interface AutoencoderWeights {
  /** float32 `[features, width]` */
  readonly encoder: Tensor2D;
  /** float32 `[features, outWidth]`; of tied weights the same tensor as `encoder` */
  readonly decoder: Tensor2D;
  /** float32 `[features]`; default none. Of `gated` none. */
  readonly encoderBias?: Tensor1D;
  /** float32 `[outWidth]`; default none */
  readonly decoderBias?: Tensor1D;
  /** float32 `[features]`, of `jumpRelu` */
  readonly threshold?: Tensor1D;
  /** float32 `[features]` each, of `gated`; the scale is the exponent of `magnitudeScale` (`r_mag`) */
  readonly gateBias?: Tensor1D;
  readonly magnitudeBias?: Tensor1D;
  readonly magnitudeScale?: Tensor1D;
  /** float32 `[outWidth, width]`: what a transcoder adds of its input (sparsify's `W_skip`); default none */
  readonly skip?: Tensor2D;
}

/** Names of the vectors that an activation has besides the biases, all needed. */
const needed: Readonly<Partial<Record<AutoencoderActivation, readonly (keyof AutoencoderWeights)[]>>> = {
  jumpRelu: ['threshold'],
  gated: ['gateBias', 'magnitudeBias', 'magnitudeScale'],
};

/** @throws RangeError for a weight that is missing, too many or shaped otherwise; TypeError for other than float32 */
export function requireWeights(op: string, weights: AutoencoderWeights, activation: AutoencoderActivation): void {
  const { encoder, decoder } = weights;
  requireRange(encoder.rank === 2, op, 'encoder must be [features, width]', encoder.shape);
  requireRange(decoder.rank === 2, op, 'decoder must be [features, width]', decoder.shape);
  const [features, width] = encoder.shape;
  const outWidth = decoder.shape[1];
  const shapes: Record<keyof AutoencoderWeights, readonly number[]> = {
    encoder: [features, width],
    decoder: [features, outWidth],
    encoderBias: [features],
    decoderBias: [outWidth],
    threshold: [features],
    gateBias: [features],
    magnitudeBias: [features],
    magnitudeScale: [features],
    skip: [outWidth, width],
  };
  const vectors = needed[activation] ?? [];
  for (const name of vectors) {
    requireRange(weights[name] !== undefined, op, `${name} must be given with the activation '${activation}'`, 'none');
  }
  for (const [name, shape] of Object.entries(shapes) as [keyof AutoencoderWeights, readonly number[]][]) {
    const weight: Tensor | undefined = weights[name];
    if (!weight) continue;
    const isOfOther = Object.values(needed).flat().includes(name) && !vectors.includes(name);
    requireRange(!isOfOther, op, `${name} must not be given with the activation '${activation}'`, weight.shape);
    requireType(weight.dtype === 'float32', op, `${name} must be float32`, weight.dtype);
    requireRange(weight.shape.join() === shape.join(), op, `${name} must be [${shape.join(', ')}]`, weight.shape);
  }
}
