import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { SparsityPattern, type sparseMatMul } from '@tfjs-sparse/sparse-matmul';
import { uniformFrom } from '../../../oracle/random.js';
import { drawTensor, type SourceTensor, type TensorSource } from '../../../oracle/tensor-source.js';
import * as field from '../../../src/fields.js';
import type { Tolerance } from '../../../src/golden-file.js';
import type { ExactTensor, ExactTensors, TensorOperation } from '../../../src/tensor-operation.js';

/** Compressed rows of blocks of `blockOutputs` outputs by one input. */
export interface PatternAttrs {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly blockOutputs: 1 | 2 | 4 | 8;
  readonly groups?: { readonly n: number; readonly m: number };
  /** `[block rows + 1]` */
  readonly starts: readonly number[];
  /** `[blocks]` */
  readonly columns: readonly number[];
}

export interface ProductAttrs extends PatternAttrs {
  readonly activation?: 'relu' | 'relu6';
}

export const productFields: field.Fields<ProductAttrs> = {
  inFeatures: field.number,
  outFeatures: field.number,
  blockOutputs: field.oneOf(1, 2, 4, 8),
  groups: field.optional(field.objectOf({ n: field.number, m: field.number })),
  starts: field.numbers,
  columns: field.numbers,
  activation: field.optional(field.oneOf('relu', 'relu6')),
};

/** A product with sparse weights; what is absent takes the op's default. */
export interface PatternCase {
  /** All axes of x but the last. */
  readonly rows: readonly number[];
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly blockOutputs?: 1 | 2 | 4 | 8;
  /** Share of the blocks that is kept; without `groups`. */
  readonly density?: number;
  readonly groups?: { readonly n: number; readonly m: number };
  /** Rows of blocks that keep nothing. */
  readonly emptyRows?: readonly number[];
  readonly hasBias?: boolean;
  readonly hasResidual?: boolean;
  readonly activation?: 'relu' | 'relu6';
  /** Multiplies x; default 1. */
  readonly scale?: number;
  /** Elements of x that are NaN. */
  readonly nanAt?: readonly number[];
  /** Elements of x that are infinite. */
  readonly infiniteAt?: readonly number[];
  readonly hasGradients?: boolean;
  readonly seed: number;
}

const tolerance: Tolerance = {
  output: 1e-5,
  gradient: 1e-5,
  reason: 'float32 sums of at most 800 products of numbers below 1, in any order; measured below 2e-6',
};

export function patternSource(
  parameters: PatternCase,
): Omit<TensorSource<ProductAttrs>, 'id'> & { attrs: ProductAttrs } {
  const {
    rows,
    inFeatures,
    outFeatures,
    hasBias,
    activation,
    scale = 1,
    nanAt = [],
    infiniteAt = [],
    seed,
  } = parameters;
  const { hasGradients = true } = parameters;
  const pattern = drawPattern(parameters);
  const x = drawTensor([...rows, inFeatures], seed + 1);
  const values = x.values.map((value, i) => {
    if (nanAt.includes(i)) return NaN;
    return infiniteAt.includes(i) ? Infinity : Math.fround(value * scale);
  });
  const inputs: Record<string, SourceTensor> = { x: { ...x, values }, values: drawValues(pattern, seed + 2) };
  if (hasBias) inputs.bias = drawTensor([outFeatures], seed + 3);
  if (parameters.hasResidual) inputs.residual = drawTensor([...rows, outFeatures], seed + 9);
  const attrs = { ...pattern, activation };
  return { tolerance, inputs, attrs, gradients: hasGradients ? Object.keys(inputs) : [], seed: seed + 4 };
}

/** Weights behind the last output are 0. */
function drawValues({ columns, starts, blockOutputs, outFeatures }: PatternAttrs, seed: number): SourceTensor {
  const drawn = drawTensor([columns.length, blockOutputs], seed);
  const lastRow = starts[starts.length - 2] ?? 0;
  const values = drawn.values.map((value, i) => {
    const output = (starts.length - 2) * blockOutputs + (i % blockOutputs);
    return Math.floor(i / blockOutputs) >= lastRow && output >= outFeatures ? 0 : value;
  });
  return { ...drawn, values };
}

function drawPattern(parameters: PatternCase): PatternAttrs {
  const { inFeatures, outFeatures, blockOutputs = 1, density = 1, groups, emptyRows = [], seed } = parameters;
  const next = uniformFrom(seed);
  const starts = [0];
  const columns: number[] = [];
  for (let row = 0; row * blockOutputs < outFeatures; row++) {
    const kept: number[] = [];
    if (groups) {
      for (let first = 0; first < inFeatures; first += groups.m) {
        const inputs = Array.from({ length: Math.min(groups.m, inFeatures - first) }, (_, i) => first + i);
        const drawn = inputs.map((input) => ({ input, order: next() })).sort((a, b) => a.order - b.order);
        kept.push(...drawn.slice(0, groups.n).map(({ input }) => input));
      }
    } else {
      for (let input = 0; input < inFeatures; input++) if ((next() + 1) / 2 < density) kept.push(input);
    }
    if (!emptyRows.includes(row)) columns.push(...kept.sort((a, b) => a - b));
    starts.push(columns.length);
  }
  return { inFeatures, outFeatures, blockOutputs, groups, starts, columns };
}

/** The dense product with zeros where nothing is kept, skipped: NaN * 0 takes no part. */
export function defineProduct({ x, values, bias, residual }: ExactTensors, attrs: ProductAttrs): ExactTensor {
  const { inFeatures, outFeatures, blockOutputs, starts, columns } = attrs;
  const rowCount = x.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const sums: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    for (let output = 0; output < outFeatures; output++) {
      const blockRow = Math.floor(output / blockOutputs);
      let sum = bias ? bias.values[output] : 0;
      for (let input = 0; input < inFeatures; input++) {
        const block = columns.indexOf(input, starts[blockRow]);
        if (block < 0 || block >= starts[blockRow + 1]) continue;
        sum += x.values[row * inFeatures + input] * values.values[block * blockOutputs + (output % blockOutputs)];
      }
      sums.push(activate(sum + (residual ? residual.values[sums.length] : 0), attrs.activation));
    }
  }
  return { shape: [...x.shape.slice(0, -1), outFeatures], values: sums };
}

function activate(sum: number, activation: ProductAttrs['activation']): number {
  if (activation === 'relu') return sum < 0 ? 0 : sum;
  if (activation === 'relu6') return sum < 0 ? 0 : sum > 6 ? 6 : sum;
  return sum;
}

/** Of sum(y * dy): the transposed product, the sampled outer product, the column sums, dy itself. */
export function productGradient(
  dy: ExactTensor,
  inputs: ExactTensors,
  attrs: ProductAttrs,
): Readonly<Record<string, readonly number[]>> {
  const { x, values } = inputs;
  const { inFeatures, outFeatures, blockOutputs, starts, columns } = attrs;
  const y = defineProduct(inputs, attrs);
  const passes = (i: number) =>
    attrs.activation === undefined || (y.values[i] > 0 && (attrs.activation === 'relu' || y.values[i] < 6));
  const dySums = dy.values.map((value, i) => (passes(i) ? value : 0));
  const dx = new Array<number>(x.values.length).fill(0);
  const dValues = new Array<number>(values.values.length).fill(0);
  const dBias = new Array<number>(outFeatures).fill(0);
  dySums.forEach((value, i) => {
    const row = Math.floor(i / outFeatures);
    const output = i % outFeatures;
    const blockRow = Math.floor(output / blockOutputs);
    dBias[output] += value;
    for (let block = starts[blockRow]; block < starts[blockRow + 1]; block++) {
      const weight = block * blockOutputs + (output % blockOutputs);
      const element = row * inFeatures + columns[block];
      dx[element] += value * values.values[weight];
      dValues[weight] += value * x.values[element];
    }
  });
  return { x: dx, values: dValues, bias: dBias, residual: dySums };
}

/** The pattern as the ops take it. */
export function patternOf({
  starts,
  columns,
  inFeatures,
  outFeatures,
  blockOutputs,
  groups,
}: PatternAttrs): SparsityPattern {
  const options = { inFeatures, outFeatures, blockOutputs, groups };
  return new SparsityPattern(Int32Array.from(starts), Int32Array.from(columns), options);
}

/** @param multiply what is tested */
export function patternOperation(op: string, multiply: typeof sparseMatMul): TensorOperation<ProductAttrs> {
  return {
    op,
    inputs: { x: 'float32', values: 'float32', bias: 'float32', residual: 'float32' },
    optional: ['bias', 'residual'],
    outputs: { y: 'float32' },
    attributes: productFields,
    forward({ x, values, bias, residual }, { activation, ...pattern }) {
      const options = { bias: bias as Tensor1D | undefined, residual, activation };
      return { y: multiply(x, values as Tensor2D, patternOf(pattern), options) };
    },
    define: (inputs, attrs) => ({ y: defineProduct(inputs, attrs) }),
    gradient: ({ y }, inputs, attrs) => productGradient(y, inputs, attrs),
  };
}
