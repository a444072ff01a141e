import * as tf from '@tensorflow/tfjs-core';
import { sparsifinerAttention } from '@tfjs-sparse/window-attention';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { PeerReader } from '../../src/peer-goldens.js';
import type { CallCase } from '../../src/run-call.js';
import type { Tensors, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { exactSparsifiner, type SparsifinerAttrs } from './shared/exact-sparsifiner.js';
import { attributesOf, inputsFirst, sourceOf } from './shared/peer-tables.js';

interface SparsifinerCase extends SparsifinerAttrs {
  readonly batches: number;
  readonly tokens: number;
  readonly channels: number;
  readonly reduced: number;
  readonly basisSize: number;
  readonly seed: number;
}

function weightsOf(inputs: Tensors) {
  const { qkv, qkvBias, output, outputBias, query, queryBias, key, keyBias, combine, basis } = inputs;
  return {
    qkv: qkv as tf.Tensor2D,
    qkvBias: qkvBias as tf.Tensor1D,
    output: output as tf.Tensor2D,
    outputBias: outputBias as tf.Tensor1D,
    predictor: {
      query: query as tf.Tensor2D,
      queryBias: queryBias as tf.Tensor1D,
      key: key as tf.Tensor2D,
      keyBias: keyBias as tf.Tensor1D,
      combine: combine as tf.Tensor2D,
      basis: basis as tf.Tensor2D,
    },
  };
}

const attention: TensorOperation<SparsifinerAttrs> = {
  op: 'sparsifiner-attention',
  inputs: {
    x: 'float32',
    qkv: 'float32',
    qkvBias: 'float32',
    output: 'float32',
    outputBias: 'float32',
    query: 'float32',
    queryBias: 'float32',
    key: 'float32',
    keyBias: 'float32',
    combine: 'float32',
    basis: 'float32',
  },
  optional: ['qkvBias', 'outputBias'],
  outputs: { y: 'float32' },
  attributes: {
    heads: field.number,
    keep: field.number,
    basisThreshold: field.number,
    coefficientThreshold: field.number,
    coefficients: field.optional(field.number),
  },
  forward: (inputs, attrs) => ({ y: sparsifinerAttention(inputs.x as tf.Tensor3D, weightsOf(inputs), attrs) }),
  define: (inputs, attrs) => ({ y: exactSparsifiner(inputs, attrs) }),
};

const projections = ['x', 'qkv', 'qkvBias', 'output', 'outputBias'];

export const operation = defineTensorCases<SparsifinerCase, SparsifinerAttrs>(
  attention,
  ({ batches, tokens, channels, reduced, basisSize, seed, ...attrs }) => {
    const size = channels / attrs.heads;
    const shapes = {
      x: [batches, tokens, channels],
      qkv: [channels, 3 * channels],
      qkvBias: [3 * channels],
      output: [channels, channels],
      outputBias: [channels],
      query: [size, reduced],
      queryBias: [reduced],
      key: [size, reduced],
      keyBias: [reduced],
      combine: [tokens, basisSize],
      basis: [tokens, basisSize],
    };
    const drawn = Object.entries(shapes).map(([name, shape], i) => [name, drawTensor(shape, seed + i)] as const);
    return {
      tolerance: { output: 2e-6, gradient: 2e-5, reason: 'float32 sums of at most 40 products' },
      inputs: Object.fromEntries(drawn),
      attrs,
      gradients: projections,
      seed: seed + 20,
    };
  },
  (control) => [
    control('quarter-of-13', {
      batches: 1,
      tokens: 13,
      channels: 8,
      heads: 2,
      reduced: 3,
      basisSize: 5,
      keep: 0.25,
      basisThreshold: 0.1,
      coefficientThreshold: 0.05,
      seed: 6840,
    }),
    control.with('all-keys', { keep: 1 }),
    control.with('coefficients', { coefficients: 2 }),
    control.with('no-thresholds', { basisThreshold: 0, coefficientThreshold: 0 }),
    control.with('two-tokens', { tokens: 2, keep: 0.5 }),
    control.with('one-head', { heads: 1 }),
    control.with('batches', { batches: 2 }),
  ],
);

interface PeerAttributes {
  readonly num_heads: number;
  readonly attn_keep_rate: number;
  readonly basis_coef_topk: number | null;
  readonly thresholds: { readonly basis: number; readonly coef: number };
}

/** Weights of linear layers, which torch stores transposed, by our names and torch's. */
const matrices = { qkv: 'qkv', output: 'proj', query: 'mask_predictor.proj_c_q', key: 'mask_predictor.proj_c_k' };

export const peers: PeerReader = (file) => {
  if (sourceOf(file) !== 'lim142857/Sparsifiner') return null;
  const { num_heads: heads, attn_keep_rate: keep, ...given } = attributesOf<PeerAttributes>(file);
  const tensor = (name: string) => file.tensors.get(name)!;
  const linears = (prefix: string, names: readonly (keyof typeof matrices)[]) =>
    Object.fromEntries(
      names.flatMap((name) => [
        [name, inputsFirst(tensor(`${prefix}w.${matrices[name]}.weight`))],
        [`${name}Bias`, tensor(`${prefix}w.${matrices[name]}.bias`)],
      ]),
    );
  const attrs: SparsifinerAttrs = {
    heads,
    keep,
    basisThreshold: given.thresholds.basis,
    coefficientThreshold: given.thresholds.coef,
    ...(given.basis_coef_topk !== null && { coefficients: given.basis_coef_topk }),
  };
  return [
    {
      operation: attention,
      attrs,
      inputs: {
        x: tensor('in.x'),
        ...linears('', ['qkv', 'output', 'query', 'key']),
        combine: tensor('w.mask_predictor.proj_n'),
        basis: tensor('w.mask_predictor.proj_back_n'),
      },
      outputs: { y: tensor('out.y') },
      cotangents: { y: tensor('gout.y') },
      gradients: { x: tensor('grad.x'), ...linears('grad.', ['qkv', 'output']) },
      tolerance: { output: 1e-5, gradient: 1e-4, reason: 'float32 sums in another order than the peer' },
    },
  ];
};

const ones = (...shape: number[]) => tf.ones(shape);

function called(change: { heads?: number; basisTokens?: number; coefficients?: number }): () => tf.Tensor {
  return () => {
    const { heads = 2, basisTokens = 5, coefficients } = change;
    const weights = weightsOf({
      qkv: ones(4, 12),
      output: ones(4, 4),
      query: ones(2, 1),
      queryBias: ones(1),
      key: ones(2, 1),
      keyBias: ones(1),
      combine: ones(5, 3),
      basis: ones(basisTokens, 3),
    });
    return sparsifinerAttention(ones(1, 5, 4) as tf.Tensor3D, weights, { heads, coefficients });
  };
}

export const calls: readonly CallCase[] = [
  {
    id: 'sparsifiner-attention/three-heads',
    call: called({ heads: 3 }),
    error: 'RangeError: sparsifinerAttention: heads must divide the 4 channels of x, got 3',
  },
  {
    id: 'sparsifiner-attention/basis-of-other-tokens',
    call: called({ basisTokens: 6 }),
    error: 'RangeError: sparsifinerAttention: predictor.basis must be [5, 3], got [6, 3]',
  },
  {
    id: 'sparsifiner-attention/more-coefficients-than-basis',
    call: called({ coefficients: 4 }),
    error: 'RangeError: sparsifinerAttention: coefficients must be an integer from 1 to 3 (the basis), got 4',
  },
];
