import { requireRange } from '@tfjs-sparse/core';

export type AutoencoderActivation = 'relu' | 'topK' | 'batchTopK' | 'groupMax' | 'jumpRelu' | 'gated';
export type AutoencoderNormalization = 'none' | 'layerNorm' | 'constantNorm';

/** How a sparse autoencoder computes, whichever library it comes from. */
export interface AutoencoderSettings {
  /**
   * `relu`; `topK`, `batchTopK` and `groupMax` with `k`; `jumpRelu` with the weight `threshold`; `gated` (Rajamanoharan et
   * al. 2024a) with `gateBias`, `magnitudeBias` and `magnitudeScale`.
   */
  readonly activation: AutoencoderActivation;
  /** Features of a row that are chosen; of `batchTopK` on average, possibly a fraction. */
  readonly k?: number;
  /**
   * Where relu stands. `after` (default; openai/sparse_autoencoder, SAELens): the k greatest pre-activations are chosen,
   * those below 0 become 0. `before` (sparsify, dictionary_learning, every `batchTopK`): of all that are 0 the first ones
   * fill the row up.
   */
  readonly rectify?: 'before' | 'after';
  /** Whether relu stops the gradient of chosen features (`masked`, the default) or not (`straightThrough`: sparsify). */
  readonly gradient?: 'masked' | 'straightThrough';
  /** Whether the decoder's bias is subtracted from the input; default true. */
  readonly subtractsDecoderBias?: boolean;
  /**
   * What becomes of the input, and is undone at the output. `layerNorm`: each row minus its mean, over its deviation (of
   * width - 1 degrees of freedom) + 1e-5 (openai, SAELens `layer_norm`). `constantNorm`: each row scaled to the length
   * sqrt(width) (SAELens `constant_norm_rescale`). Default `none`.
   */
  readonly normalization?: AutoencoderNormalization;
  /** Whether features compete as if the decoder's rows had length 1 (SAELens `rescale_acts_by_decoder_norm`); default false. */
  readonly rescalesByDecoderNorm?: boolean;
  /** See `JumpReLUOptions`; default 0.001. */
  readonly bandwidth?: number;
}

/** @throws RangeError for settings that no autoencoder has, or that contradict each other */
export function requireSettings(op: string, settings: AutoencoderSettings, features: number): void {
  const { activation, k, normalization = 'none', rectify = 'after', gradient = 'masked' } = settings;
  requireOneOf(op, 'activation', activation, ['relu', 'topK', 'batchTopK', 'groupMax', 'jumpRelu', 'gated']);
  requireOneOf(op, 'normalization', normalization, ['none', 'layerNorm', 'constantNorm']);
  requireOneOf(op, 'rectify', rectify, ['before', 'after']);
  requireOneOf(op, 'gradient', gradient, ['masked', 'straightThrough']);
  if (!choosesK(activation)) {
    requireRange(k === undefined, op, `k must not be given with the activation '${activation}'`, k);
    return;
  }
  const isCount = k !== undefined && (activation === 'batchTopK' || Number.isInteger(k)) && k > 0 && k <= features;
  requireRange(isCount, op, `k must be ${activation === 'batchTopK' ? 'above 0' : 'an integer from 1'}, at most ${features} (features)`, k); // prettier-ignore
}

/** Whether the activation chooses by rank. */
export function choosesK(activation: AutoencoderActivation): boolean {
  return activation === 'topK' || activation === 'batchTopK' || activation === 'groupMax';
}

function requireOneOf(op: string, name: string, value: string, known: readonly string[]): void {
  requireRange(known.includes(value), op, `${name} must be ${known.join(', ')}`, value);
}

const settingNames = [
  'activation',
  'k',
  'rectify',
  'gradient',
  'subtractsDecoderBias',
  'normalization',
  'rescalesByDecoderNorm',
  'bandwidth',
] as const;

/** Those among the arguments of a layer; top-k where they name no activation. */
export function settingsOf(args: Partial<AutoencoderSettings>): AutoencoderSettings {
  const given = settingNames.filter((name) => args[name] != null).map((name) => [name, args[name]]);
  return { activation: 'topK', ...(Object.fromEntries(given) as Partial<AutoencoderSettings>) };
}
