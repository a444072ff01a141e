import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { graphAggregate, SparseMatrix } from '@tfjs-sparse/sparse-matmul';
import { uniformFrom } from '../../oracle/random.js';
import { drawTensor } from '../../oracle/tensor-source.js';
import * as field from '../../src/fields.js';
import type { ExactTensors, TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { entriesFields, type Entries } from './shared/entries.js';

type Reduction = 'sum' | 'mean' | 'max';

interface GraphAttrs extends Entries {
  readonly reduction: Reduction;
}

interface GraphCase {
  readonly shape: readonly [number, number];
  /** Drawn, or listed as [row, column]. */
  readonly edges: number | readonly (readonly [number, number])[];
  readonly features: number;
  readonly reduction: Reduction;
  readonly hasValues?: boolean;
  /** All of x and the values are the same, so that maxima tie. */
  readonly isFlat?: boolean;
  readonly nanAt?: number;
  readonly seed: number;
}

const tolerance = { output: 1e-6, gradient: 1e-6, reason: 'float32 sums of at most 200 products below 1' };

/** Per row and feature: which edges meet there, and what each contributes. */
function contributions(graph: GraphAttrs, inputs: ExactTensors) {
  const { x, values } = inputs;
  const features = x.shape[1];
  const edges = graph.rows.map((_, edge) => edge);
  return Array.from({ length: graph.shape[0] * features }, (_, index) => {
    const feature = index % features;
    return edges
      .filter((edge) => graph.rows[edge] === Math.floor(index / features))
      .sort((a, b) => graph.columns[a] - graph.columns[b] || a - b)
      .map((edge) => {
        const place = graph.columns[edge] * features + feature;
        const value = values ? values.values[edge] : 1;
        return { edge, place, value, product: value * x.values[place] };
      });
  });
}

/** The first greatest, or the first NaN. */
function greatest<T extends { readonly product: number }>(all: readonly T[]): T {
  return all.reduce((best, each) =>
    each.product > best.product || (Number.isNaN(each.product) && !Number.isNaN(best.product)) ? each : best,
  );
}

const aggregation: TensorOperation<GraphAttrs> = {
  op: 'graph-aggregate',
  inputs: { x: 'float32', values: 'float32' },
  optional: ['values'],
  outputs: { y: 'float32' },
  attributes: { ...entriesFields, reduction: field.oneOf('sum', 'mean', 'max') },
  forward({ x, values }, { shape, reduction, ...edges }) {
    const matrix = SparseMatrix.fromEdges(edges, shape, values as Tensor1D | undefined);
    return { y: graphAggregate(x as Tensor2D, matrix, { reduction }) };
  },
  define(inputs, graph) {
    const values = contributions(graph, inputs).map((all) => {
      if (all.length === 0) return 0;
      if (graph.reduction === 'max') return greatest(all).product;
      const sum = all.reduce((total, { product }) => total + product, 0);
      return graph.reduction === 'mean' ? sum / all.length : sum;
    });
    return { y: { shape: [graph.shape[0], inputs.x.shape[1]], values } };
  },
  gradient({ y: dy }, inputs, graph) {
    const x = inputs.x.values.map(() => 0);
    const values = graph.rows.map(() => 0);
    contributions(graph, inputs).forEach((all, index) => {
      const share = dy.values[index] / (graph.reduction === 'mean' ? all.length : 1);
      const counted = graph.reduction === 'max' && all.length > 0 ? [greatest(all)] : all;
      for (const { edge, place, value } of counted) {
        x[place] += share * value;
        values[edge] += share * inputs.x.values[place];
      }
    });
    return { x, values };
  },
};

export const operation = defineTensorCases<GraphCase, GraphAttrs>(
  aggregation,
  ({ shape, edges, features, reduction, hasValues, isFlat, nanAt, seed }) => {
    const next = uniformFrom(seed);
    const list =
      typeof edges === 'number'
        ? Array.from({ length: edges }, () => shape.map((size) => Math.floor(next() * size)))
        : edges;
    const attrs: GraphAttrs = {
      reduction,
      shape,
      rows: list.map(([row]) => row),
      columns: list.map(([, column]) => column),
    };
    const draw = (size: readonly number[], tensorSeed: number) => {
      const tensor = drawTensor(size, tensorSeed);
      return isFlat ? { ...tensor, values: tensor.values.map(() => 0.5) } : tensor;
    };
    const x = draw([shape[1], features], seed + 1);
    const withNaN = { ...x, values: x.values.map((value, index) => (index === nanAt ? NaN : value)) };
    return {
      tolerance,
      inputs: { x: withNaN, ...(hasValues ? { values: draw([list.length], seed + 2) } : {}) },
      attrs,
      gradients: hasValues ? ['x', 'values'] : ['x'],
      seed: seed + 3,
    };
  },
  (control) => [
    control('sum', { shape: [9, 9], edges: 40, features: 8, reduction: 'sum', seed: 4000 }),
    control.with('mean', { reduction: 'mean' }),
    control.with('max', { reduction: 'max' }),
    control.with('weighted-sum', { hasValues: true }),
    control.with('weighted-mean', { hasValues: true, reduction: 'mean' }),
    control.with('weighted-max', { hasValues: true, reduction: 'max' }),
    control.with('wide-matrix', { shape: [5, 17], hasValues: true }),
    control.with('tall-matrix', { shape: [70, 4], edges: 120, hasValues: true }),
    control.with('features-not-multiple-of-4', { features: 39, hasValues: true }),
    control.with('features-not-multiple-of-4-max', { features: 7, reduction: 'max', hasValues: true }),
    control.with('one-feature', { features: 1 }),
    control.with('no-features', { features: 0 }),
    control.with('no-edges', { edges: 0 }),
    control.with('no-edges-max', { edges: 0, reduction: 'max' }),
    control.with('no-nodes', { shape: [0, 0], edges: 0 }),
    control.with('one-edge', { edges: [[3, 5]], hasValues: true }),
    control.with('empty-rows-between', { edges: [[0, 1], [0, 2], [4, 4], [8, 0]], reduction: 'mean' }), // prettier-ignore
    control.with('repeated-edges', { edges: [[2, 3], [2, 3], [1, 0], [2, 3]], reduction: 'mean', hasValues: true }), // prettier-ignore
    control.with('one-row-has-all', { edges: Array.from({ length: 200 }, (_, i) => [4, (i * 7) % 9] as const) }),
    control.with('ties', { isFlat: true, reduction: 'max', hasValues: true }),
    control.with('nan', { nanAt: 11, hasValues: true }),
    control.with('nan-max', { nanAt: 11, reduction: 'max' }),
    control.with('nan-max-of-many-features', { nanAt: 30, reduction: 'max', features: 23, hasValues: true }),
  ],
);
