import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { activationSparseMatMul, zeroSkipMatMul } from '@tfjs-sparse/sparse-matmul';
import { uniformFrom } from '../../oracle/random.js';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';

interface ZeroSkipCase {
  /** Of x, without the last axis. */
  readonly rows: readonly number[];
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** Share of x. */
  readonly zeros: number;
  /** Calls activationSparseMatMul. */
  readonly isChosen?: boolean;
  readonly hasBias?: boolean;
  readonly hasResidual?: boolean;
  readonly activation?: 'relu' | 'relu6';
  /** Column of x that is NaN in the first row. */
  readonly nanInput?: number;
  /** Column of x that is 0, with weights that are NaN. */
  readonly nanWeights?: number;
  readonly seed: number;
}

const tolerance = { output: 1e-5, gradient: 1e-5, reason: 'float32 sums of at most 300 products below 1' };

interface ZeroSkipAttrs {
  readonly isChosen: boolean;
  readonly activation?: 'relu' | 'relu6';
}

const product: TensorOperation<ZeroSkipAttrs> = {
  op: 'zero-skip-matmul',
  inputs: { x: 'float32', weights: 'float32', bias: 'float32', residual: 'float32' },
  optional: ['bias', 'residual'],
  outputs: { y: 'float32' },
  attributes: { isChosen: field.flag, activation: field.optional(field.oneOf('relu', 'relu6')) },
  forward({ x, weights, bias, residual }, { isChosen, activation }) {
    const multiply = isChosen ? activationSparseMatMul : zeroSkipMatMul;
    return { y: multiply(x, weights as Tensor2D, { bias: bias as Tensor1D | undefined, residual, activation }) };
  },
  define({ x, weights, bias, residual }, { activation }) {
    const [inFeatures, outFeatures] = weights.shape;
    const axes = x.shape.slice(0, -1);
    const count = axes.reduce((product, size) => product * size, outFeatures);
    const values = Array.from({ length: count }, (_, i) => {
      let sum = (bias?.values[i % outFeatures] ?? 0) + (residual?.values[i] ?? 0);
      for (let input = 0; input < inFeatures; input++) {
        const value = x.values[Math.floor(i / outFeatures) * inFeatures + input];
        if (value !== 0) sum += value * weights.values[input * outFeatures + (i % outFeatures)];
      }
      if (activation === undefined || Number.isNaN(sum)) return sum;
      return Math.min(Math.max(sum, 0), activation === 'relu6' ? 6 : Infinity);
    });
    return { y: { shape: [...axes, outFeatures], values } };
  },
};

export const operation = defineTensorCases<ZeroSkipCase, ZeroSkipAttrs>(
  product,
  ({ rows, inFeatures, outFeatures, zeros, isChosen, nanInput, nanWeights, seed, ...epilogue }) => {
    const next = uniformFrom(seed);
    const x = drawTensor([...rows, inFeatures], seed + 1);
    const weights = drawTensor([inFeatures, outFeatures], seed + 2);
    const sparse = x.values.map((value, i) => {
      if (i === nanInput) return NaN;
      return next() < zeros || i % inFeatures === nanWeights ? 0 : value;
    });
    const spoilt = weights.values.map((value, i) => (Math.floor(i / outFeatures) === nanWeights ? NaN : value));
    const inputs = {
      x: { ...x, values: sparse },
      weights: { ...weights, values: spoilt },
      ...(epilogue.hasBias && { bias: drawTensor([outFeatures], seed + 8) }),
      ...(epilogue.hasResidual && { residual: drawTensor([...rows, outFeatures], seed + 9) }),
    };
    const isSpoilt = nanInput !== undefined || nanWeights !== undefined;
    return {
      tolerance,
      inputs,
      attrs: { isChosen: isChosen ?? false, activation: epilogue.activation },
      gradients: isSpoilt ? [] : Object.keys(inputs),
      seed: seed + 3,
    };
  },
  (control) => [
    control('mostly-zeros', { rows: [6], inFeatures: 20, outFeatures: 9, zeros: 0.7, seed: 4200 }),
    control.with('one-row', { rows: [1] }),
    control.with('vector', { rows: [] }),
    control.with('three-axes', { rows: [2, 3] }),
    control.with('no-rows', { rows: [0] }),
    control.with('no-inputs', { inFeatures: 0 }),
    control.with('no-zeros', { zeros: 0 }),
    control.with('all-zeros', { zeros: 1 }),
    control.with('one-output', { outFeatures: 1 }),
    control.with('outputs-not-multiple-of-4', { outFeatures: 71 }),
    control.with('outputs-multiple-of-8', { outFeatures: 64 }),
    control.with('more-inputs-than-a-chunk', { rows: [2], inFeatures: 300, outFeatures: 8 }),
    control.with('nan-input', { nanInput: 25, zeros: 0.5 }),
    control.with('nan-of-skipped-weights', { nanWeights: 3 }),
    control.with('bias', { hasBias: true }),
    control.with('relu', { activation: 'relu', outFeatures: 71 }),
    control.with('residual', { hasResidual: true, outFeatures: 71 }),
    control.with('residual-bias-relu6', { hasBias: true, hasResidual: true, activation: 'relu6' }),
    control.with('residual-no-inputs', { inFeatures: 0, hasResidual: true, hasBias: true }),
    control.with('chosen-no-zeros-residual-bias-relu', {
      isChosen: true,
      zeros: 0,
      hasBias: true,
      hasResidual: true,
      activation: 'relu',
    }),
    control.with('chosen-zeros', { isChosen: true }),
    control.with('chosen-no-zeros', { isChosen: true, zeros: 0 }),
    control.with('chosen-one-row', { isChosen: true, rows: [1] }),
    control.with('chosen-no-rows', { isChosen: true, rows: [0] }),
  ],
);
