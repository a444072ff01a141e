import { sparseMatMul } from '@tfjs-sparse/sparse-matmul';
import { defineTensorCases } from '../define-cases.js';
import { patternOperation, patternSource } from './shared/pattern-case.js';

export const operation = defineTensorCases(
  patternOperation('sparse-matmul', sparseMatMul),
  patternSource,
  (control) => [
    control('single', { rows: [5], inFeatures: 12, outFeatures: 7, density: 0.3, seed: 1000 }),
    control.with('pairs', { blockOutputs: 2 }),
    control.with('fours', { blockOutputs: 4 }),
    control.with('eights', { blockOutputs: 8 }),
    control.with('leading-axes', { rows: [2, 3, 4] }),
    control.with('one-row', { rows: [1] }),
    control.with('no-rows', { rows: [0] }),
    control.with('no-rows-bias', { rows: [0], hasBias: true }), // whose gradient is 0
    control.with('no-rows-relu', { rows: [0], hasBias: true, activation: 'relu' }),
    control.with('no-inputs', { inFeatures: 0, hasBias: true }),
    control.with('no-outputs', { outFeatures: 0 }),
    control.with('one-axis', { rows: [] }),
    control.with('one-input', { inFeatures: 1 }),
    control.with('one-output', { outFeatures: 1 }),
    control.with('nothing-kept', { density: 0, hasBias: true }),
    control.with('all-kept', { density: 1 }),
    control.with('empty-rows', { emptyRows: [0, 3, 6], hasBias: true }),
    control.with('empty-block-row', { blockOutputs: 4, outFeatures: 12, emptyRows: [1] }),
    ...([1, 2, 4, 8] as const).flatMap((blockOutputs) => [
      control.with(`bias-relu-${blockOutputs}`, { blockOutputs, hasBias: true, activation: 'relu' }),
      control.with(`relu6-${blockOutputs}`, { blockOutputs, scale: 12, activation: 'relu6' }),
      control.with(`many-columns-${blockOutputs}`, {
        blockOutputs,
        rows: [3],
        inFeatures: 800,
        outFeatures: 37,
        density: 0.1,
      }),
      control.with(`nan-${blockOutputs}`, { blockOutputs, nanAt: [1, 17], hasGradients: false }),
    ]),
    ...[3, 4, 8, 9, 16, 17, 23, 24, 25, 32, 33, 49].map((count) =>
      control.with(`rows-${count}`, { rows: [count], inFeatures: 6, outFeatures: 5 }),
    ),
    ...[8, 16, 17, 70].map((count) =>
      control.with(`rows-${count}-eights`, { rows: [count], blockOutputs: 8, inFeatures: 6, outFeatures: 16 }),
    ),
    ...([1, 2, 4, 8] as const).flatMap((blockOutputs) => {
      const residual = { blockOutputs, hasResidual: true, outFeatures: 21 };
      return [
        control.with(`residual-${blockOutputs}`, residual),
        control.with(`residual-bias-relu6-${blockOutputs}`, {
          ...residual,
          hasBias: true,
          activation: 'relu6',
          scale: 12,
        }),
        control.with(`residual-one-row-${blockOutputs}`, { ...residual, rows: [1], hasBias: true, activation: 'relu' }),
        control.with(`residual-two-rows-${blockOutputs}`, { ...residual, rows: [2], outFeatures: 137 }),
        control.with(`residual-rows-70-${blockOutputs}`, { ...residual, rows: [70], activation: 'relu' }),
      ];
    }),
    control.with('residual-leading-axes', { rows: [2, 3, 4], hasResidual: true }),
    control.with('residual-no-rows', { rows: [0], hasResidual: true }),
    control.with('residual-nothing-kept', { density: 0, hasResidual: true, activation: 'relu' }),
    control.with('residual-nan', { nanAt: [1, 17], hasResidual: true, activation: 'relu', hasGradients: false }),
    control.with('image-pairs', { rows: [1, 6, 7], blockOutputs: 2, inFeatures: 16, outFeatures: 16 }),
    control.with('image-fours', { rows: [1, 6, 7], blockOutputs: 4, inFeatures: 16, outFeatures: 16 }),
  ],
);
