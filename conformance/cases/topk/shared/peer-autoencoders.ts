import type { AutoencoderLoss, AutoencoderSettings } from '@tfjs-sparse/topk';
import type { PeerCase, PeerReader } from '../../../src/peer-goldens.js';
import { PeerFile, without, type Named } from './peer-file.js';
import {
  dictionaryLearningNames,
  foreignNames,
  gatedNames,
  openaiNames,
  saeLensNames,
  sparsifyNames,
  type Naming,
} from './peer-names.js';

/** Goldens that the published code of four autoencoder libraries made, and one of a foreign trained autoencoder. */
export const readAutoencoder: PeerReader = (file, name) => {
  const text = file.metadata.get('attributes');
  if (text === undefined || !/^(openai|saelens|sparsify|dl|foreign)_/.test(name)) return null;
  const attributes = JSON.parse(text) as Record<string, never>;
  const read = new PeerFile(file);
  if (name.startsWith('openai_fast')) return openaiFast(read, attributes);
  if (name.startsWith('openai')) return openai(read, attributes);
  if (name.startsWith('sparsify')) return sparsify(read, attributes);
  if (name.startsWith('saelens_train')) return saeLensTraining(read, attributes);
  if (name.startsWith('saelens')) return saeLens(read, attributes);
  if (name.startsWith('foreign')) return foreign(read);
  if (name === 'dl_gated') return dictionaryLearningGated(read, attributes);
  if (name === 'dl_jumprelu') return dictionaryLearningJump(read, attributes);
  return dictionaryLearning(read, attributes, name === 'dl_batchtopk' ? 'batchTopK' : 'topK');
};

function openai(file: PeerFile, { k, l1_weight: l1, normalize, tied }: Record<string, never>): PeerCase[] {
  const settings: AutoencoderSettings = {
    ...(k === null ? { activation: 'relu' } : { activation: 'topK', k }),
    normalization: normalize ? 'layerNorm' : 'none',
  };
  const loss: AutoencoderLoss = {
    reconstruction: 'normalizedPerRow',
    sparsity: { kind: 'l1OverNorm', weight: l1 },
  };
  // One matrix encodes and, transposed, decodes: its gradient is the sum of both.
  const names: Naming = tied ? { ...openaiNames, decoder: ['encoder.weight', 'rows'] } : openaiNames;
  const weights = file.weights(names);
  return [
    file.forward(weights, settings, 'latents', 'recons'),
    file.loss(weights, { settings, loss }, 'loss', tied ? file.tiedGradients(names) : file.gradients(names)),
    file.loss(weights, { settings, loss, term: 'reconstruction' }, 'nmse'),
  ];
}

function openaiFast(
  file: PeerFile,
  { k, auxk, auxk_coef: weight, dead_steps_threshold: limit }: Record<string, never>,
) {
  const settings: AutoencoderSettings = { activation: 'topK', k };
  const loss: AutoencoderLoss = {
    reconstruction: 'varianceUnexplained',
    auxiliary: { library: 'openai', k: auxk, weight },
  };
  const weights = { ...file.weights(openaiNames), dead: file.above('out.stats_after', limit) };
  const gradients = without(file.gradients(openaiNames), 'x');
  const projected = { decoder: file.oriented('grad.w.decoder.weight_projected', 'transposed') };
  return [
    file.reconstruction(weights, settings, 'recons'),
    file.loss(weights, { settings, loss }, 'loss', gradients),
    file.loss(weights, { settings, loss, isProjected: true }, 'loss', projected),
    file.loss(weights, { settings, loss, term: 'reconstruction' }, 'mse_term'),
  ].flat();
}

function sparsify(
  file: PeerFile,
  { activation, k, multi_topk: isMulti, transcode }: Record<string, never>,
): PeerCase[] {
  const settings: AutoencoderSettings = {
    activation: activation === 'groupmax' ? 'groupMax' : 'topK',
    k,
    rectify: 'before',
    gradient: 'straightThrough',
    subtractsDecoderBias: !transcode,
  };
  const loss: AutoencoderLoss = {
    reconstruction: 'varianceUnexplained',
    auxiliary: { library: 'sparsify' },
    ...(isMulti ? { multiTopK: 1 / 8 } : {}),
  };
  const dead: Named = file.has('in.dead_mask') ? { dead: file.tensor('in.dead_mask') } : {};
  const weights: Named = { ...file.weights(sparsifyNames), ...dead };
  if (activation === 'topk' && file.choseZeros()) {
    // Of pre-activations that relu made 0 the library chose some: theirs stand in the file.
    const given = { ...weights, chosen: file.tensor('idx.top_indices') };
    const squares = { settings, loss: { reconstruction: 'varianceUnexplained' } } as const;
    return [file.loss(given, squares, 'loss', file.gradients(sparsifyNames))];
  }
  return [
    ...file.reconstruction(weights, settings, 'sae_out'),
    file.loss(weights, { settings, loss }, 'loss', file.gradients(sparsifyNames)),
    file.loss(weights, { settings, loss, term: 'reconstruction' }, 'fvu'),
  ];
}

function saeLensSettings(attributes: Record<string, never>): AutoencoderSettings {
  const { architecture, k, normalize_activations: normalization, apply_b_dec_to_input: subtracts } = attributes;
  const activations: Record<string, AutoencoderSettings['activation']> = {
    standard: 'relu',
    topk: 'topK',
    batchtopk: 'batchTopK',
    jumprelu: 'jumpRelu',
    gated: 'gated',
  };
  const normalizations: Record<string, AutoencoderSettings['normalization']> = {
    layer_norm: 'layerNorm',
    constant_norm_rescale: 'constantNorm',
  };
  return {
    activation: activations[architecture],
    ...(k === undefined ? {} : { k }),
    subtractsDecoderBias: subtracts,
    normalization: normalizations[normalization] ?? 'none',
    rescalesByDecoderNorm: attributes.rescale_acts_by_decoder_norm ?? false,
    ...(attributes.jumprelu_bandwidth === undefined ? {} : { bandwidth: attributes.jumprelu_bandwidth }),
  };
}

function saeLens(file: PeerFile, attributes: Record<string, never>): PeerCase[] {
  const weights = file.weights(saeLensNames);
  return [
    {
      ...file.forward(weights, saeLensSettings(attributes), 'features', 'recons'),
      cotangents: { reconstruction: file.tensor('gout.recons') },
      gradients: file.gradients(saeLensNames),
    },
  ];
}

function saeLensTraining(file: PeerFile, attributes: Record<string, never>): PeerCase[] {
  const settings = saeLensSettings(attributes);
  const { aux_loss_coefficient: weight = 1, coefficients } = attributes as Record<string, never>;
  const isJump = settings.activation === 'jumpRelu';
  const loss: AutoencoderLoss = isJump
    ? { sparsity: { kind: 'l0', weight: Reflect.get(coefficients, 'l0') as number } }
    : { auxiliary: { library: 'saeLens', weight } };
  const threshold: Named = isJump ? { threshold: file.exponential('w.log_threshold') } : {};
  const weights: Named = { ...file.weights(saeLensNames), ...threshold };
  const all: Named = isJump ? weights : { ...weights, dead: file.tensor('in.dead_mask') };
  const jumpGradient: Named = isJump
    ? { threshold: file.overThreshold('grad.w.log_threshold', threshold.threshold) }
    : {};
  // hidden_pre of SAELens comes before its rescaling: the features tell both apart
  return [
    file.forward(weights, settings, 'features', 'recons'),
    file.loss(all, { settings, loss }, 'loss', { ...file.gradients(saeLensNames), ...jumpGradient }),
    file.loss(all, { settings, loss, term: 'reconstruction' }, 'loss.mse_loss'),
    isJump
      ? file.loss(all, { settings, loss, term: 'sparsity' }, 'loss.l0_loss')
      : file.loss(all, { settings, loss, term: 'auxiliary' }, 'loss.auxiliary_reconstruction_loss'),
  ];
}

function dictionaryLearning(file: PeerFile, attributes: Record<string, never>, activation: 'topK' | 'batchTopK') {
  const { k, auxk_alpha: weight, dead_feature_threshold: limit, threshold_before: before } = attributes;
  const settings: AutoencoderSettings = { activation, k, rectify: 'before' };
  const loss: AutoencoderLoss = { auxiliary: { library: 'dictionaryLearning', weight } };
  const weights = file.weights(dictionaryLearningNames);
  const all = { ...weights, dead: file.atLeast('out.num_tokens_since_fired', limit) };
  const features = weights.encoderBias.shape;
  const threshold = { dtype: 'F32', shape: features, values: new Float32Array(features[0]) } as const;
  const byThreshold = (value: number) => ({ ...threshold, values: threshold.values.map(() => Math.max(value, 0)) });
  const gradients = without(file.gradients(dictionaryLearningNames), 'x');
  const projected = { decoder: file.oriented('grad.w.decoder.weight_projected', 'transposed') };
  const inference = { ...weights, threshold: byThreshold(before) };
  return [
    file.forward(weights, settings, 'features_train', 'recons_train'),
    file.forward(inference, { activation: 'jumpRelu' }, 'features_threshold', 'recons_threshold'),
    file.loss(all, { settings, loss }, 'loss', gradients),
    file.loss(all, { settings, loss, isProjected: true }, 'loss', projected),
    file.loss(all, { settings, loss, term: 'reconstruction' }, 'l2'),
  ];
}

function dictionaryLearningGated(file: PeerFile, { l1_penalty: weight }: Record<string, never>): PeerCase[] {
  const settings: AutoencoderSettings = { activation: 'gated' };
  const weights = file.weights(gatedNames);
  const loss: AutoencoderLoss = { sparsity: { kind: 'l1', weight } };
  const gradients = without(file.gradients(gatedNames), 'x');
  return [
    file.forward(weights, settings, 'features', 'recons'),
    file.loss(weights, { settings, loss }, 'loss', gradients),
  ];
}

function dictionaryLearningJump(file: PeerFile, attributes: Record<string, never>): PeerCase[] {
  const { bandwidth, sparsity_penalty: weight, target_l0: target } = attributes;
  const settings: AutoencoderSettings = { activation: 'jumpRelu', bandwidth, subtractsDecoderBias: false };
  const weights = file.weights(saeLensNames);
  const loss: AutoencoderLoss = { sparsity: { kind: 'l0Target', weight, target } };
  const gradients = without(file.gradients(saeLensNames), 'x');
  return [
    file.forward(weights, settings, 'features', 'recons'),
    file.loss(weights, { settings, loss }, 'loss', gradients),
  ];
}

function foreign(file: PeerFile): PeerCase[] {
  const settings: AutoencoderSettings = { activation: 'relu' };
  const weights = file.weights(foreignNames);
  const loss: AutoencoderLoss = { sparsity: { kind: 'l1', weight: 0.003 } };
  return [
    file.forward(weights, settings, 'features', 'recons'),
    file.loss(weights, { settings, loss }, 'loss', file.gradients(foreignNames)),
    file.loss(weights, { settings, loss, term: 'reconstruction' }, 'recon_loss'),
  ];
}
