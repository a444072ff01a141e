import { requireRange } from '@tfjs-sparse/core';
import { keepLargest, requireNumbers, type Mask, type Scores } from '../masks/keep-largest.js';
import { weightCount, weightIndex, type KernelLayout } from '../masks/kernel-layout.js';

/** What a layer's inputs were like over calibration data. */
export class InputPowers {
  readonly #sums: Float64Array;
  #sequences = 0;

  constructor(readonly inputs: number) {
    this.#sums = new Float64Array(inputs);
  }

  /** @param activations `[sequences, tokens, inputs]` or `[sequences, inputs]`, row after row */
  add(activations: Scores, sequences: number): void {
    const isWhole = sequences > 0 && activations.length % (sequences * this.inputs) === 0;
    requireRange(
      isWhole,
      'inputPowers',
      `activations must be ${sequences} sequences of ${this.inputs} inputs`,
      activations.length,
    );
    activations.forEach((value: number, i: number) => (this.#sums[i % this.inputs] += value * value));
    this.#sequences += sequences;
  }

  /** `[inputs]`: the sum of squares over all tokens, per sequence (not per token, as llm-compressor has it). */
  values(): Float64Array {
    return this.#sums.map((sum) => (this.#sequences === 0 ? 0 : sum / this.#sequences));
  }
}

/**
 * Wanda's scores (Sun et al. 2024): |w| times the root of its input's power. For N:M they go to `nOfMMask`, else to
 * `perOutputMask`.
 */
export function wandaScores(weights: Scores, layout: KernelLayout, inputPowers: ArrayLike<number>): Float64Array {
  requireNumbers(weights, 'wandaScores');
  requireRange(weights.length === weightCount(layout), 'wandaScores', 'weights must fill the layout', weights.length);
  const isEach = inputPowers.length === layout.inputs;
  requireRange(isEach, 'wandaScores', `there must be ${layout.inputs} input powers`, inputPowers.length);
  const scores = new Float64Array(weights.length);
  for (let tap = 0; tap < layout.taps; tap++)
    for (let input = 0; input < layout.inputs; input++)
      for (let output = 0; output < layout.outputs; output++) {
        const index = weightIndex(layout, tap, input, output);
        scores[index] = Math.abs(weights[index]) * Math.sqrt(inputPowers[input]);
      }
  return scores;
}

/** Prunes `floor(sparsity * weights)` of the weights of each output, smallest score first. */
export function perOutputMask(scores: Scores, layout: KernelLayout, sparsity: number): Mask {
  requireRange(sparsity >= 0 && sparsity <= 1, 'perOutputMask', 'sparsity must be in [0, 1]', sparsity);
  const columns = layout.taps * layout.inputs;
  const mask = new Uint8Array(scores.length);
  for (let output = 0; output < layout.outputs; output++) {
    const indices = Array.from({ length: columns }, (_, column) => columnIndex(layout, column, output));
    const row = Float64Array.from(indices, (index) => scores[index]);
    const kept = keepLargest(row, columns - Math.trunc(columns * sparsity), 'perOutputMask');
    indices.forEach((index, i) => (mask[index] = kept[i]));
  }
  return mask;
}

/** Weights of an output in the order tap, input. */
export function columnIndex(layout: KernelLayout, column: number, output: number): number {
  return weightIndex(layout, Math.floor(column / layout.inputs), column % layout.inputs, output);
}
