import type { Tensor1D } from '@tensorflow/tfjs-core';
import { quantizedMatMul } from '@tfjs-sparse/sparse-matmul';
import { uniformFrom } from '../../oracle/random.js';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { quantizedWeights, type GroupCodes } from './shared/group-codes.js';

interface QuantizedAttrs extends GroupCodes {
  readonly activation: 'linear' | 'relu' | 'relu6';
}

interface QuantizedCase {
  /** Of x, without the last axis. */
  readonly rows: readonly number[];
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly bits: GroupCodes['bits'];
  readonly groupSize: GroupCodes['groupSize'];
  /** Chance of a group to be kept. */
  readonly density: number;
  readonly hasBias?: boolean;
  readonly hasResidual?: boolean;
  readonly activation?: 'linear' | 'relu' | 'relu6';
  /** Input that is NaN in every row. */
  readonly nanInput?: number;
  /** All groups that have this input are dropped. */
  readonly droppedInput?: number;
  readonly seed: number;
}

const tolerance = {
  output: 1e-5,
  gradient: 1e-5,
  reason: 'float32 sums of at most 80 products; scale * code - scale * zero loses up to 8 bits of a weight',
};

/** The matrix that the groups stand for, and of each weight the group and the code. */
function weightsOf(attrs: QuantizedAttrs, scales: readonly number[], zeros: readonly number[]) {
  const { inFeatures, groupSize, groups } = attrs;
  return groups
    .flatMap(({ output, place, codes }, group) =>
      codes.map((code, i) => ({
        group,
        output,
        code,
        input: place * groupSize + i,
        weight: scales[group] * (code - zeros[group]),
      })),
    )
    .filter(({ input }) => input < inFeatures);
}

const product: TensorOperation<QuantizedAttrs> = {
  op: 'quantized-matmul',
  inputs: { x: 'float32', scales: 'float32', zeros: 'float32', bias: 'float32', residual: 'float32' },
  optional: ['bias', 'residual'],
  outputs: { y: 'float32' },
  attributes: {
    inFeatures: field.number,
    outFeatures: field.number,
    bits: field.oneOf(4, 8),
    groupSize: field.oneOf(16, 32),
    groups: field.listOf(field.objectOf({ output: field.number, place: field.number, codes: field.numbers })),
    activation: field.oneOf('linear', 'relu', 'relu6'),
  },
  forward({ x, scales, zeros, bias, residual }, { activation, ...codes }) {
    const options = { bias: bias as Tensor1D | undefined, residual, activation };
    return { y: quantizedMatMul(x, scales as Tensor1D, zeros as Tensor1D, quantizedWeights(codes), options) };
  },
  define({ x, scales, zeros, bias, residual }, attrs) {
    const { inFeatures, outFeatures, activation } = attrs;
    const rows = x.shape.slice(0, -1);
    const count = rows.reduce((product, size) => product * size, 1);
    const values = Array.from(
      { length: count * outFeatures },
      (_, i) => (bias?.values[i % outFeatures] ?? 0) + (residual?.values[i] ?? 0),
    );
    for (const { input, output, weight } of weightsOf(attrs, scales.values, zeros.values)) {
      for (let row = 0; row < count; row++)
        values[row * outFeatures + output] += x.values[row * inFeatures + input] * weight;
    }
    const high = activation === 'relu6' ? 6 : Infinity;
    const clamped = values.map((sum) => (activation === 'linear' ? sum : Math.min(Math.max(sum, 0), high)));
    return { y: { shape: [...rows, outFeatures], values: clamped } };
  },
};

export const operation = defineTensorCases<QuantizedCase, QuantizedAttrs>(
  product,
  ({ rows, inFeatures, outFeatures, bits, groupSize, density, hasBias, activation = 'linear', seed, ...special }) => {
    const { nanInput, droppedInput, hasResidual } = special;
    const next = uniformFrom(seed);
    const groups = [];
    for (let output = 0; output < outFeatures; output++) {
      for (let place = 0; place * groupSize < inFeatures; place++) {
        const codes = Array.from({ length: groupSize }, () => Math.floor(next() * 2 ** bits));
        const isDropped = droppedInput !== undefined && Math.floor(droppedInput / groupSize) === place;
        if (next() < density && !isDropped) groups.push({ output, place, codes });
      }
    }
    const x = drawTensor([...rows, inFeatures], seed + 1);
    const scales = drawTensor([groups.length], seed + 2);
    const step = 2 / 2 ** bits;
    const inputs = {
      x: { ...x, values: x.values.map((value, i) => (i % inFeatures === nanInput ? NaN : value)) },
      scales: { ...scales, values: scales.values.map((value) => Math.fround(value * step)) },
      zeros: { shape: scales.shape, values: scales.values.map(() => Math.floor(next() * 2 ** bits)) },
      ...(hasBias ? { bias: drawTensor([outFeatures], seed + 3) } : {}),
      ...(hasResidual ? { residual: drawTensor([...rows, outFeatures], seed + 9) } : {}),
    };
    const attrs = { inFeatures, outFeatures, bits, groupSize, groups, activation };
    const gradients = nanInput === undefined ? Object.keys(inputs) : [];
    return { tolerance, inputs, attrs, gradients, seed: seed + 4 };
  },
  (control) => [
    control('int4', { rows: [5], inFeatures: 48, outFeatures: 6, bits: 4, groupSize: 16, density: 0.5, seed: 4100 }),
    control.with('int8', { bits: 8 }),
    control.with('int4-groups-of-32', { inFeatures: 64, groupSize: 32 }),
    control.with('int8-groups-of-32', { inFeatures: 64, groupSize: 32, bits: 8 }),
    control.with('one-row', { rows: [1] }),
    control.with('one-row-int8', { rows: [1], bits: 8 }),
    control.with('one-row-padded', { rows: [1], inFeatures: 35 }),
    control.with('four-rows', { rows: [4] }),
    control.with('nine-rows', { rows: [9] }),
    control.with('no-rows', { rows: [0] }),
    control.with('no-rows-bias', { rows: [0], hasBias: true }), // whose gradient is 0
    control.with('three-axes', { rows: [2, 3] }),
    control.with('vector', { rows: [] }),
    control.with('padded-inputs', { inFeatures: 37 }),
    control.with('padded-inputs-int8-groups-of-32', { inFeatures: 70, bits: 8, groupSize: 32 }),
    control.with('fewer-inputs-than-a-group', { inFeatures: 3 }),
    control.with('no-inputs', { inFeatures: 0 }),
    control.with('no-inputs-bias-residual', { inFeatures: 0, hasBias: true, hasResidual: true }),
    control.with('dense', { density: 1 }),
    control.with('nothing-kept', { density: 0 }),
    control.with('nothing-kept-but-bias', { density: 0, hasBias: true }),
    control.with('more-outputs-than-a-block', { outFeatures: 67, inFeatures: 16 }),
    control.with('bias', { hasBias: true }),
    control.with('relu', { activation: 'relu', hasBias: true }),
    control.with('relu6', { activation: 'relu6' }),
    control.with('residual', { hasResidual: true, outFeatures: 21 }),
    control.with('residual-one-row-int8', { hasResidual: true, rows: [1], bits: 8, outFeatures: 21 }),
    control.with('residual-bias-relu', { hasResidual: true, rows: [9], hasBias: true, activation: 'relu' }),
    control.with('residual-nothing-kept', { hasResidual: true, density: 0 }),
    control.with('nan-of-kept-groups', { nanInput: 20, density: 0.5 }),
    control.with('nan-of-dropped-groups', { nanInput: 20, droppedInput: 20 }),
  ],
);
