import { requireRange } from '@tfjs-sparse/core';
import { requireNumbers, type Mask, type Scores } from './keep-largest.js';
import { transposedLayout, weightCount, weightIndex, type KernelLayout } from './kernel-layout.js';

export interface NOfM {
  /** Kept weights of each group. */
  readonly n: number;
  /** Consecutive weights of a group. */
  readonly m: number;
  /** Consecutive outputs that share one pattern, chosen by the sum of their |w|; default 1. */
  readonly blockOutputs?: number;
  /** Which way groups run: along a kernel's inputs (default) or its outputs (`sparse_dim` 1 of gradient flow). */
  readonly along?: 'inputs' | 'outputs';
}

/**
 * Keeps the `n` largest of each `m` consecutive weights; of equal ones the first. Groups run along the inputs of one
 * output at one tap of the window. Where `m` does not divide the inputs, the last group is filled up with weights that
 * rank last.
 */
export function nOfMMask(weights: Scores, layout: KernelLayout, pattern: NOfM): Mask {
  requireNOfM(pattern);
  requireNumbers(weights, 'nOfMMask');
  requireRange(weights.length === weightCount(layout), 'nOfMMask', 'weights must fill the layout', weights.length);
  const { n, m, blockOutputs = 1, along = 'inputs' } = pattern;
  const turned = along === 'inputs' ? layout : transposedLayout(layout);
  const { taps, inputs, outputs, inputStride, outputStride } = turned;
  const mask = new Uint8Array(weights.length);
  const sums = new Float64Array(m);
  for (let tap = 0; tap < taps; tap++)
    for (let input = 0; input < inputs; input += m)
      for (let output = 0; output < outputs; output += blockOutputs) {
        const first = weightIndex(turned, tap, input, output);
        const width = Math.min(m, inputs - input);
        const height = Math.min(blockOutputs, outputs - output);
        for (let i = 0; i < width; i++) {
          sums[i] = 0;
          for (let j = 0; j < height; j++) sums[i] += Math.abs(weights[first + i * inputStride + j * outputStride]);
        }
        for (let i = 0; i < width; i++) {
          const isKept = rankOf(i, sums, width) < n;
          for (let j = 0; j < height && isKept; j++) mask[first + i * inputStride + j * outputStride] = 1;
        }
      }
  return mask;
}

/** Where the first group with more than `n` kept weights is, or undefined when the mask is n of m everywhere. */
export function firstGroupBeyond(
  mask: Mask,
  layout: KernelLayout,
  { n, m, along = 'inputs' }: NOfM,
): string | undefined {
  const turned = along === 'inputs' ? layout : transposedLayout(layout);
  for (let tap = 0; tap < turned.taps; tap++)
    for (let output = 0; output < turned.outputs; output++)
      for (let input = 0; input < turned.inputs; input += m) {
        let kept = 0;
        for (let i = input; i < Math.min(input + m, turned.inputs); i++)
          kept += mask[weightIndex(turned, tap, i, output)];
        if (kept > n) return `tap ${tap}, output ${output}, inputs from ${input}`;
      }
  return undefined;
}

export function requireNOfM({ n, m, blockOutputs = 1 }: NOfM): void {
  requireRange(Number.isInteger(m) && m >= 1, 'nOfMMask', 'm must be an integer >= 1', m);
  requireRange(Number.isInteger(n) && n >= 0 && n <= m, 'nOfMMask', `n must be an integer from 0 to ${m}`, n);
  const isBlock = Number.isInteger(blockOutputs) && blockOutputs >= 1;
  requireRange(isBlock, 'nOfMMask', 'blockOutputs must be an integer >= 1', blockOutputs);
}

/** How many of the first `width` values come before value `i` in descending order. */
function rankOf(i: number, values: Float64Array, width: number): number {
  let rank = 0;
  for (let j = 0; j < width; j++) if (values[j] > values[i] || (values[j] === values[i] && j < i)) rank++;
  return rank;
}
