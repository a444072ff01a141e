import type { Tensor2D } from '@tensorflow/tfjs-core';
import { autoencode, denseCode, type AutoencoderSettings } from '@tfjs-sparse/topk';
import * as field from '../../src/fields.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { autoencodeSignature, settingsField, weightsOf } from './shared/autoencoder-operations.js';
import { drawAutoencoder, type AutoencoderCase } from './shared/draw-autoencoder.js';
import { frozenDifferences } from './shared/frozen-differences.js';
import { exactAutoencoder } from './shared/exact-autoencoder.js';

interface AutoencodeAttrs {
  readonly settings: AutoencoderSettings;
  readonly withPreActivations: boolean;
}

const operationOf: TensorOperation<AutoencodeAttrs> = {
  ...autoencodeSignature,
  attributes: { settings: settingsField, withPreActivations: field.flag },
  forward(inputs, { settings, withPreActivations }) {
    const made = autoencode(inputs.x as Tensor2D, weightsOf(inputs), settings, { withPreActivations });
    return { features: denseCode(made.code), reconstruction: made.reconstruction };
  },
  define: (inputs, { settings }) => exactAutoencoder(inputs, inputs, settings),
  gradient: (dy, inputs, { settings }) =>
    frozenDifferences(dy, inputs, (changed) => exactAutoencoder(changed, inputs, settings)),
};

export const operation = defineTensorCases<
  AutoencoderCase & { readonly withPreActivations?: boolean },
  AutoencodeAttrs
>(
  operationOf,
  ({ withPreActivations = false, ...drawn }) => {
    const inputs = drawAutoencoder(drawn);
    // Where x meets a threshold, finite differences are none: those goldens are the libraries'.
    const gradients = Object.keys(inputs).filter((name) => name !== 'threshold' && name !== 'gateBias');
    return {
      tolerance: { output: 1e-5, gradient: 1e-4, reason: 'float32 sums over the width and the chosen features' },
      inputs,
      attrs: { settings: drawn.settings, withPreActivations },
      gradients: drawn.rows > 0 ? gradients : [],
      seed: drawn.seed + 10,
    };
  },
  (control) => [
    control('top-k', { rows: 5, width: 7, features: 18, settings: { activation: 'topK', k: 4 }, seed: 5800 }),
    control.with('top-k-unfused', { withPreActivations: true }),
    control.with('top-k-rectified-before', { settings: { activation: 'topK', k: 12, rectify: 'before' } }),
    control.with('top-k-few-positive', { settings: { activation: 'topK', k: 16 } }),
    control.with('top-k-straight-through', { settings: { activation: 'topK', k: 15, rectify: 'before', gradient: 'straightThrough' } }), // prettier-ignore
    control.with('top-k-decoder-norm', { settings: { activation: 'topK', k: 4, rescalesByDecoderNorm: true } }),
    control.with('batch-top-k', { settings: { activation: 'batchTopK', k: 3.4 } }),
    control.with('batch-top-k-decoder-norm', { settings: { activation: 'batchTopK', k: 3, rescalesByDecoderNorm: true } }), // prettier-ignore
    control.with('group-max', { settings: { activation: 'groupMax', k: 6, rectify: 'before' } }),
    control.with('relu', { settings: { activation: 'relu' } }),
    control.with('jump-relu', { settings: { activation: 'jumpRelu', bandwidth: 0.1 } }),
    control.with('gated', { settings: { activation: 'gated' } }),
    control.with('layer-norm', { settings: { activation: 'topK', k: 4, normalization: 'layerNorm' } }),
    control.with('constant-norm', { settings: { activation: 'relu', normalization: 'constantNorm' } }),
    control.with('bias-not-subtracted', { settings: { activation: 'topK', k: 4, subtractsDecoderBias: false } }),
    control.with('transcoder-with-skip', { outWidth: 5, settings: { activation: 'topK', k: 4, subtractsDecoderBias: false } }), // prettier-ignore
    control.with('no-biases', { hasBiases: false }),
    control.with('one-row', { rows: 1 }),
    control.with('no-rows', { rows: 0 }),
    control.with('k-is-features', { settings: { activation: 'topK', k: 18 } }),
  ],
);
