import { nmMatMul } from '@tfjs-sparse/sparse-matmul';
import { defineTensorCases } from '../define-cases.js';
import { patternOperation, patternSource } from './shared/pattern-case.js';

export const operation = defineTensorCases(patternOperation('nm-matmul', nmMatMul), patternSource, (control) => [
  control('2-of-4', { rows: [5], inFeatures: 16, outFeatures: 7, groups: { n: 2, m: 4 }, seed: 1100 }),
  ...[
    [1, 2],
    [1, 4],
    [3, 4],
    [4, 4],
    [1, 8],
    [4, 8],
    [2, 16],
    [16, 16],
  ].map(([n, m]) => control.with(`${n}-of-${m}`, { groups: { n, m } })),
  ...([2, 4, 8] as const).map((blockOutputs) =>
    control.with(`shared-by-${blockOutputs}`, { blockOutputs, outFeatures: 19 }),
  ),
  ...[13, 14, 15, 17].map((inFeatures) => control.with(`inputs-${inFeatures}`, { inFeatures })),
  ...[1, 2, 3, 4].flatMap((count) => [
    control.with(`rows-${count}-2-of-4`, { rows: [count], inFeatures: 40, outFeatures: 37, hasBias: true }),
    control.with(`rows-${count}-1-of-4`, {
      rows: [count],
      inFeatures: 38,
      outFeatures: 33,
      groups: { n: 1, m: 4 },
      activation: 'relu',
    }),
  ]),
  control.with('one-row-2-of-8', { rows: [1], groups: { n: 2, m: 8 }, inFeatures: 40, outFeatures: 37 }),
  control.with('one-row-shared-by-8', { rows: [1], blockOutputs: 8, outFeatures: 37 }),
  control.with('one-row-inputs-17', { rows: [1], inFeatures: 17, outFeatures: 9 }),
  ...[1, 2, 5].flatMap((count) =>
    [1, 2].map((n) =>
      control.with(`residual-rows-${count}-${n}-of-4`, {
        rows: [count],
        inFeatures: 38,
        outFeatures: 77,
        groups: { n, m: 4 },
        hasBias: true,
        hasResidual: true,
        activation: 'relu',
      }),
    ),
  ),
  control.with('one-row-nan', { rows: [1], outFeatures: 16, nanAt: [3], hasGradients: false }),
  control.with('one-row-infinite-input-alone-in-its-group', {
    rows: [1],
    inFeatures: 17,
    outFeatures: 9,
    infiniteAt: [16],
    hasGradients: false,
  }),
  control.with('rows-60', {
    rows: [60],
    inFeatures: 64,
    outFeatures: 48,
    hasBias: true,
    activation: 'relu6',
    scale: 9,
  }),
  control.with('rows-60-shared-by-8', { rows: [60], blockOutputs: 8, inFeatures: 64, outFeatures: 48 }),
]);
