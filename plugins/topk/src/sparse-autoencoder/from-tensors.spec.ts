import * as tf from '@tensorflow/tfjs';
import { writeSafetensors } from '@tfjs-sparse/core';
import { autoencode } from '../index.js';
import { saeFromSafetensors, saeFromTensors } from '../layers.js';

const [features, width] = [6, 4];
const drawn = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);
const encoder = () => drawn([features, width], 1);
const decoder = () => drawn([features, width], 2);
const bias = (size: number, seed: number) => drawn([size], seed);
const columns = (rows: tf.Tensor) => tf.transpose(rows);

const formats: readonly [name: string, tensors: () => Record<string, tf.Tensor>, config: Record<string, unknown>][] = [
  ['openai', () => ({ pre_bias: bias(width, 3), latent_bias: bias(features, 4), 'encoder.weight': encoder(), 'decoder.weight': columns(decoder()), 'activation.k': tf.scalar(2), stats_last_nonzero: tf.zeros([features], 'int32') }), {}], // prettier-ignore
  ['sparsify', () => ({ 'encoder.weight': encoder(), 'encoder.bias': bias(features, 4), W_dec: decoder(), b_dec: bias(width, 3) }), { k: 2, activation: 'topk' }], // prettier-ignore
  ['saeLens', () => ({ W_enc: columns(encoder()), b_enc: bias(features, 4), W_dec: decoder(), b_dec: bias(width, 3), threshold: tf.fill([features], 0.25) }), { architecture: 'jumprelu' }], // prettier-ignore
  ['dictionaryLearning', () => ({ 'encoder.weight': encoder(), 'encoder.bias': bias(features, 4), 'decoder.weight': columns(decoder()), b_dec: bias(width, 3), k: tf.scalar(2), threshold: tf.scalar(-1) }), { dict_class: 'AutoEncoderTopK' }], // prettier-ignore
];

function convert(tensors: Record<string, tf.Tensor>, config: Record<string, unknown>) {
  return () => void saeFromTensors(tensors, config);
}

describe('saeFromTensors', () => {
  for (const [name, tensors, config] of formats) {
    it(`takes the tensors of ${name} and computes with them`, () => {
      tf.tidy(() => {
        const given = tensors();
        const { layer, library, pairings } = saeFromTensors(given, config);
        expect(library).toBe(name as typeof library);
        expect(pairings.find(({ ours }) => ours === 'encoder')!.isTransposed).toBe(name === 'saeLens');
        const x = drawn([5, width], 9) as tf.Tensor2D;
        const weights = {
          encoder: encoder() as tf.Tensor2D,
          decoder: decoder() as tf.Tensor2D,
          encoderBias: bias(features, 4) as tf.Tensor1D,
          decoderBias: bias(width, 3) as tf.Tensor1D,
          ...(name === 'saeLens' ? { threshold: tf.fill([features], 0.25) as tf.Tensor1D } : {}),
        };
        const expected = autoencode(x, weights, layer.settings).reconstruction;
        expect([...(layer.apply(x) as tf.Tensor).dataSync()]).toEqual([...expected.dataSync()]);
      });
    });
  }

  it('turns matrices of the other orientation, and says so', () => {
    const [, tensors, config] = formats[2];
    const given = { ...tensors(), W_enc: encoder(), W_dec: columns(decoder()) };
    const { pairings } = saeFromTensors(given, config);
    expect(pairings.filter(({ isTransposed }) => isTransposed).map(({ theirs }) => theirs)).toEqual(['W_dec']);
  });

  it('reads .safetensors and leaves no tensors but the weights', () => {
    const [, tensors, config] = formats[1];
    const stored = Object.entries(tensors()).map(([name, each]) => {
      return [name, { dtype: 'F32', shape: each.shape, values: each.dataSync() as Float32Array }] as const;
    });
    const bytes = writeSafetensors(stored, []);
    const before = tf.memory().numTensors;
    const { layer } = saeFromSafetensors(bytes, config);
    expect(tf.memory().numTensors - before).toBe(layer.weights.length);
    for (const weight of layer.weights) weight.dispose();
    expect(() => saeFromSafetensors(bytes.slice(0, bytes.length - 8), config)).toThrowError();
    expect(tf.memory().numTensors).toBe(before);
  });

  for (const [name, change, config, error] of [
    [
      'a missing tensor',
      { b_enc: undefined },
      undefined,
      /^saeFromTensors: tensors of saeLens must have 'b_enc', got \[/,
    ],
    ['an extra tensor', { b_extra: [2] }, undefined, /^saeFromTensors: tensors of saeLens must be among \[W_enc, W_dec, b_dec, b_enc, threshold\], got also \[b_extra\]$/], // prettier-ignore
    ['a threshold of another length', { threshold: [3] }, undefined, /^SparseAutoencoder: threshold must be \[6\], got \[3\]$/], // prettier-ignore
    ['a dictionary of another width', { W_dec: [5, 4] }, undefined, /^saeFromTensors: W_dec must have an axis of 6 \(as the encoder's bias\), got \[5, 4\]$/], // prettier-ignore
    ['an unknown architecture', {}, { architecture: 'vq' }, /^saeFromTensors: architecture must be standard, topk, jumprelu, gated, batchtopk, matryoshka_batchtopk, got vq$/], // prettier-ignore
    ['heads folded into rows', {}, { architecture: 'jumprelu', reshape_activations: 'hook_z' }, /^saeFromTensors: reshape_activations must be 'none', got hook_z$/], // prettier-ignore
    ['no k', {}, { architecture: 'topk' }, /^saeFromTensors: config.k must be given for an autoencoder of SAELens \(cfg.json\), got undefined$/], // prettier-ignore
    ['names of nobody', { W_enc: undefined, W_dec: undefined }, undefined, /^saeFromTensors: names must be those of openai/], // prettier-ignore
  ] as [string, Record<string, number[] | undefined>, Record<string, unknown> | undefined, RegExp][]) {
    it(`explains ${name}`, () => {
      const [, tensors, saeLens] = formats[2];
      const given: Record<string, tf.Tensor> = tensors();
      for (const [key, shape] of Object.entries(change)) {
        if (shape) given[key] = tf.zeros(shape);
        else delete given[key];
      }
      const before = tf.memory().numTensors;
      expect(convert(given, config ?? saeLens)).toThrowError(RangeError, error);
      expect(tf.memory().numTensors).toBe(before);
    });
  }

  it('asks which of two kinds a file of dictionary_learning is', () => {
    const rule = /dict_class must be 'AutoEncoderTopK' or 'BatchTopKSAE'/;
    expect(convert(formats[3][1](), {})).toThrowError(RangeError, rule);
  });
});
