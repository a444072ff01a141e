import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { AutoencoderLoss, AutoencoderSettings, AutoencoderWeights } from '@tfjs-sparse/topk';
import * as field from '../../../src/fields.js';
import type { Signature, Tensors } from '../../../src/tensor-operation.js';

const weights = {
  encoder: 'float32',
  decoder: 'float32',
  encoderBias: 'float32',
  decoderBias: 'float32',
  threshold: 'float32',
  gateBias: 'float32',
  magnitudeBias: 'float32',
  magnitudeScale: 'float32',
  skip: 'float32',
} as const;

const optionalWeights = Object.keys(weights).slice(2);

export const autoencodeSignature: Signature = {
  op: 'autoencode',
  inputs: { x: 'float32', ...weights },
  optional: optionalWeights,
  outputs: { features: 'float32', reconstruction: 'float32' },
};

export const lossSignature: Signature = {
  op: 'autoencoder-loss',
  inputs: { x: 'float32', y: 'float32', dead: 'bool', chosen: 'int32', ...weights },
  optional: ['y', 'dead', 'chosen', ...optionalWeights],
  outputs: { loss: 'float32' },
};

export interface LossAttrs {
  readonly settings: AutoencoderSettings;
  readonly loss: AutoencoderLoss;
  /** Which term is the output; default all of them. */
  readonly term?: 'total' | 'reconstruction' | 'sparsity' | 'auxiliary' | 'multiTopK' | 'gate';
  /** Whether the decoder's gradient loses what is parallel to its rows. */
  readonly isProjected?: boolean;
}

export const settingsField = field.objectOf<AutoencoderSettings>({
  activation: field.oneOf('relu', 'topK', 'batchTopK', 'groupMax', 'jumpRelu', 'gated'),
  k: field.optional(field.number),
  rectify: field.optional(field.oneOf('before', 'after')),
  gradient: field.optional(field.oneOf('masked', 'straightThrough')),
  subtractsDecoderBias: field.optional(field.flag),
  normalization: field.optional(field.oneOf('none', 'layerNorm', 'constantNorm')),
  rescalesByDecoderNorm: field.optional(field.flag),
  bandwidth: field.optional(field.number),
});

const sparsityField: field.Field<AutoencoderLoss['sparsity']> = (value, where) => {
  if (value === undefined) return undefined;
  return field.objectOf<object>({
    kind: field.text,
    weight: field.number,
    target: field.optional(field.number),
    scale: field.optional(field.number),
  })(value, where) as AutoencoderLoss['sparsity'];
};

export const lossFields: field.Fields<LossAttrs> = {
  settings: settingsField,
  loss: field.objectOf<AutoencoderLoss>({
    reconstruction: field.optional(field.oneOf('sumOfSquares', 'varianceUnexplained', 'normalizedPerRow')),
    sparsity: sparsityField,
    auxiliary: field.optional(
      field.objectOf({
        library: field.oneOf('openai', 'sparsify', 'saeLens', 'dictionaryLearning'),
        k: field.optional(field.number),
        weight: field.optional(field.number),
      }),
    ),
    nested: field.optional(field.objectOf({ sizes: field.numbers, weights: field.optional(field.numbers) })),
    multiTopK: field.optional(field.number),
  }),
  term: field.optional(field.oneOf('total', 'reconstruction', 'sparsity', 'auxiliary', 'multiTopK', 'gate')),
  isProjected: field.optional(field.flag),
};

export function weightsOf(inputs: Tensors): AutoencoderWeights {
  const present = Object.keys(weights).filter((name) => inputs[name]);
  return Object.fromEntries(present.map((name) => [name, inputs[name]])) as Record<string, Tensor> as {
    encoder: Tensor2D;
    decoder: Tensor2D;
    decoderBias: Tensor1D;
  };
}
