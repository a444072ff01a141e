import { requireRange } from '@tfjs-sparse/core';
import { keepLargest, keptCount, requireNumbers, type Mask, type Scores } from './keep-largest.js';
import { weightCount, weightIndex, type KernelLayout } from './kernel-layout.js';

export interface BlockPattern {
  /** Consecutive outputs of one input that are kept or pruned together, such as 2, 4 or 8. */
  readonly blockOutputs: number;
  /** What a block is worth: the sum of its |w| (default; TFMOT's AVG) or the largest (MAX). */
  readonly score?: 'sum' | 'max';
}

/**
 * Prunes the share `sparsity` of the blocks of one layer. Where `blockOutputs` does not divide the outputs, the last
 * blocks are filled up with zeros.
 */
export function blockMask(weights: Scores, layout: KernelLayout, sparsity: number, pattern: BlockPattern): Mask {
  const { blockOutputs, score = 'sum' } = pattern;
  const isBlock = Number.isInteger(blockOutputs) && blockOutputs >= 1;
  requireRange(isBlock, 'blockMask', 'blockOutputs must be an integer >= 1', blockOutputs);
  requireRange(weights.length === weightCount(layout), 'blockMask', 'weights must fill the layout', weights.length);
  requireNumbers(weights, 'blockMask');
  const blocksPerInput = Math.ceil(layout.outputs / blockOutputs);
  const scores = new Float64Array(layout.taps * layout.inputs * blocksPerInput);
  const eachWeight = (visit: (weight: number, block: number) => void): void => {
    for (let tap = 0; tap < layout.taps; tap++)
      for (let input = 0; input < layout.inputs; input++)
        for (let output = 0; output < layout.outputs; output++) {
          const block = (tap * layout.inputs + input) * blocksPerInput + Math.floor(output / blockOutputs);
          visit(weightIndex(layout, tap, input, output), block);
        }
  };
  eachWeight((weight, block) => {
    const magnitude = Math.abs(weights[weight]);
    scores[block] = score === 'sum' ? scores[block] + magnitude : Math.max(scores[block], magnitude);
  });
  const kept = keepLargest(scores, keptCount(scores.length, sparsity, 'blockMask'), 'blockMask');
  const mask = new Uint8Array(weights.length);
  eachWeight((weight, block) => (mask[weight] = kept[block]));
  return mask;
}
