import { requireRange } from '@tfjs-sparse/core';
import type { SparseAutoencoderArgs } from './layer.js';

/** The part of a library's config file that decides what is computed; other fields are ignored. */
export type LibraryConfig = Readonly<Record<string, unknown>>;

export type SaeLibrary = 'openai' | 'sparsify' | 'saeLens' | 'dictionaryLearning';

/** What becomes of one of the library's tensors. */
export interface TensorRule {
  readonly ours: string;
  readonly isOptional?: boolean;
  /** Of the encoder and the decoder: whether the library has a column per feature, where ours has a row. */
  readonly isTransposed?: boolean;
}

/** How a library stores an autoencoder. */
export interface LibraryFormat {
  readonly library: SaeLibrary;
  readonly tensors: Readonly<Record<string, TensorRule>>;
  /** Further tensors that the library stores, which change nothing. */
  readonly ignored: readonly RegExp[];
  readonly args: Omit<SparseAutoencoderArgs, 'features' | 'outWidth'>;
}

const rows = { isTransposed: false };
const columns = { isTransposed: true };

/** The library that has tensors of such names; null for none. */
export function libraryOf(names: readonly string[]): SaeLibrary | null {
  const has = (...all: string[]) => all.every((name) => names.includes(name));
  if (has('pre_bias', 'latent_bias')) return 'openai';
  if (has('encoder.weight', 'W_dec')) return 'sparsify';
  if (has('W_enc', 'W_dec')) return 'saeLens';
  return has('encoder.weight', 'decoder.weight') ? 'dictionaryLearning' : null;
}

export const libraryNames =
  'openai/sparse_autoencoder (pre_bias, latent_bias, encoder.weight, decoder.weight), sparsify (encoder.weight, W_dec), ' +
  'SAELens (W_enc, W_dec) or dictionary_learning (encoder.weight, decoder.weight, b_dec)';

/**
 * The format of some tensors, told by their names.
 *
 * @throws RangeError where no library has such names, or config does not say what they leave open
 */
export function formatOf(names: readonly string[], config: LibraryConfig): LibraryFormat {
  const has = (name: string) => names.includes(name);
  const library = libraryOf(names);
  requireRange(library !== null, 'saeFromTensors', `names must be those of ${libraryNames}`, names);
  return formats[library](has, config);
}

const formats: Readonly<Record<SaeLibrary, (has: (name: string) => boolean, config: LibraryConfig) => LibraryFormat>> =
  {
    openai,
    sparsify: (_, config) => sparsify(config),
    saeLens,
    dictionaryLearning,
  };

/** `config`: `{ activation: 'TopK' | 'ReLU', k }`; TopK ones normalise (`Autoencoder.from_state_dict`). */
function openai(has: (name: string) => boolean, config: LibraryConfig): LibraryFormat {
  const isTied = has('decoder.linear.weight');
  const k = numberIn(config, 'k') ?? numberIn(config, 'activation.k');
  const isTopK = config.activation === undefined ? k !== undefined : config.activation === 'TopK';
  return {
    library: 'openai',
    tensors: {
      'encoder.weight': { ours: 'encoder', ...rows },
      latent_bias: { ours: 'encoderBias' },
      pre_bias: { ours: 'decoderBias' },
      ...(isTied
        ? { 'decoder.linear.weight': { ours: 'encoder', isOptional: true, ...rows } }
        : { 'decoder.weight': { ours: 'decoder', ...columns } }),
    },
    ignored: [/^activation/, /^stats_last_nonzero$/, /^latents_activation_frequency$/, /^latents_mean_square$/],
    args: {
      ...(isTopK ? { activation: 'topK', k: required(k, 'k', 'openai') } : { activation: 'relu' }),
      normalization: isTopK ? 'layerNorm' : 'none',
      tied: isTied,
    },
  };
}

/** `config`: cfg.json. */
function sparsify(config: LibraryConfig): LibraryFormat {
  const skip = config.skip_connection === true;
  return {
    library: 'sparsify',
    tensors: {
      'encoder.weight': { ours: 'encoder', ...rows },
      'encoder.bias': { ours: 'encoderBias' },
      W_dec: { ours: 'decoder', ...rows },
      b_dec: { ours: 'decoderBias' },
      ...(skip ? { W_skip: { ours: 'skip' } } : {}),
    },
    ignored: [],
    args: {
      activation: config.activation === 'groupmax' ? 'groupMax' : 'topK',
      k: required(numberIn(config, 'k'), 'k', 'sparsify (cfg.json)'),
      rectify: 'before',
      gradient: 'straightThrough',
      subtractsDecoderBias: config.transcode !== true,
      skip,
      loss: { reconstruction: 'varianceUnexplained', auxiliary: { library: 'sparsify' } },
    },
  };
}

const saeLensActivations = { standard: 'relu', topk: 'topK', jumprelu: 'jumpRelu', gated: 'gated', batchtopk: 'batchTopK', matryoshka_batchtopk: 'batchTopK' } as const; // prettier-ignore

/** `config`: cfg.json of version 6, or with `activation_fn_str` and `activation_fn_kwargs` of versions before. */
function saeLens(has: (name: string) => boolean, config: LibraryConfig): LibraryFormat {
  const { normalize_activations: normalization = 'none', reshape_activations: reshaping = 'none' } = config;
  requireRange(reshaping === 'none', 'saeFromTensors', "reshape_activations must be 'none'", reshaping);
  const known = { none: 'none', layer_norm: 'layerNorm', constant_norm_rescale: 'constantNorm', expected_average_only_in: 'none' } as const; // prettier-ignore
  requireKey(known, normalization, 'normalize_activations');
  const architecture = saeLensArchitecture(has, config);
  const base = architecture.replace(/_?(skip_)?transcoder$/, '') || 'standard'; // jumprelu_skip_transcoder: jumprelu
  requireKey(saeLensActivations, base, 'architecture');
  const activation = saeLensActivations[base as keyof typeof saeLensActivations];
  const isOfDictionaryLearning = config.dict_class === 'JumpReluAutoEncoder'; // which has the same names
  const subtracts = architecture === base && !isOfDictionaryLearning;
  const kwargs = (config.activation_fn_kwargs ?? {}) as LibraryConfig;
  const needsK = activation === 'topK' || activation === 'batchTopK';
  return {
    library: isOfDictionaryLearning ? 'dictionaryLearning' : 'saeLens',
    tensors: {
      W_enc: { ours: 'encoder', ...columns },
      W_dec: { ours: 'decoder', ...rows },
      b_dec: { ours: 'decoderBias' },
      ...(activation === 'gated'
        ? { b_gate: { ours: 'gateBias' }, b_mag: { ours: 'magnitudeBias' }, r_mag: { ours: 'magnitudeScale' } }
        : { b_enc: { ours: 'encoderBias' } }),
      ...(activation === 'jumpRelu'
        ? has('log_threshold')
          ? { log_threshold: { ours: 'logThreshold' } }
          : { threshold: { ours: 'threshold' } }
        : {}),
      ...(activation === 'batchTopK' ? { topk_threshold: { ours: 'threshold', isOptional: true } } : {}),
      ...(has('W_skip') ? { W_skip: { ours: 'skip' } } : {}),
    },
    ignored: [/^scaling_factor$/],
    args: {
      activation,
      ...(needsK ? { k: required(numberIn(config, 'k') ?? numberIn(kwargs, 'k'), 'k', 'SAELens (cfg.json)') } : {}),
      subtractsDecoderBias: config.apply_b_dec_to_input === undefined ? subtracts : config.apply_b_dec_to_input === true, // prettier-ignore
      normalization: known[normalization as 'none'],
      rescalesByDecoderNorm: config.rescale_acts_by_decoder_norm === true,
      skip: has('W_skip'),
      loss: needsK ? { auxiliary: { library: 'saeLens', weight: 1 } } : {},
    },
  };
}

function saeLensArchitecture(has: (name: string) => boolean, config: LibraryConfig): string {
  if (typeof config.architecture === 'string' && config.activation_fn_str !== 'topk') return config.architecture;
  if (config.activation_fn_str === 'topk') return 'topk';
  if (has('b_gate')) return 'gated';
  return has('threshold') || has('log_threshold') ? 'jumprelu' : 'standard';
}

/** `config`: what tells TopK and BatchTopK apart, `dict_class` of the trainer's config.json, and `k` where no tensor has it. */
function dictionaryLearning(has: (name: string) => boolean, config: LibraryConfig): LibraryFormat {
  const matrices = {
    'encoder.weight': { ours: 'encoder', ...rows },
    'decoder.weight': { ours: 'decoder', ...columns },
  };
  const library = 'dictionaryLearning';
  if (has('r_mag')) {
    const tensors = {
      ...matrices,
      decoder_bias: { ours: 'decoderBias' },
      gate_bias: { ours: 'gateBias' },
      mag_bias: { ours: 'magnitudeBias' },
      r_mag: { ours: 'magnitudeScale' },
    };
    return {
      library,
      tensors,
      ignored: [],
      args: { activation: 'gated', loss: { sparsity: { kind: 'l1', weight: 1 } } },
    };
  }
  const biases = { 'encoder.bias': { ours: 'encoderBias' }, [has('bias') ? 'bias' : 'b_dec']: { ours: 'decoderBias' } };
  if (!has('k') && numberIn(config, 'k') === undefined) {
    return { library, tensors: { ...matrices, ...biases }, ignored: [], args: { activation: 'relu' } };
  }
  const rule = "config.dict_class must be 'AutoEncoderTopK' or 'BatchTopKSAE' (their tensors have the same names)";
  const { dict_class: dictClass } = config;
  const isKnown =
    dictClass === 'AutoEncoderTopK' || dictClass === 'BatchTopKSAE' || dictClass === 'MatryoshkaBatchTopKSAE';
  requireRange(isKnown, 'saeFromTensors', rule, dictClass);
  const isBatch = dictClass !== 'AutoEncoderTopK';
  return {
    library,
    tensors: {
      ...matrices,
      ...biases,
      ...(isBatch ? { threshold: { ours: 'threshold', isOptional: true } } : {}),
    },
    ignored: isBatch ? [/^k$/, /^group_sizes$/] : [/^k$/, /^threshold$/],
    args: {
      activation: isBatch ? 'batchTopK' : 'topK',
      k: required(numberIn(config, 'k'), 'k', 'dictionary_learning'),
      rectify: 'before',
      loss: { auxiliary: { library: 'dictionaryLearning' } },
    },
  };
}

function numberIn(config: LibraryConfig, name: string): number | undefined {
  const value = config[name];
  return typeof value === 'number' ? value : undefined;
}

function required(value: number | undefined, name: string, library: string): number {
  requireRange(value !== undefined, 'saeFromTensors', `config.${name} must be given for an autoencoder of ${library}`, value); // prettier-ignore
  return value;
}

function requireKey(known: object, value: unknown, name: string): void {
  const isKnown = typeof value === 'string' && Object.hasOwn(known, value);
  requireRange(isKnown, 'saeFromTensors', `${name} must be ${Object.keys(known).join(', ')}`, value);
}
