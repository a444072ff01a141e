import { requireRange } from '@tfjs-sparse/core';
import { keepLargest, keptCount, requireNumbers, type Mask, type Scores } from './keep-largest.js';
import { weightCount, weightIndex, type KernelLayout } from './kernel-layout.js';

export interface StructuredPattern {
  /** What is pruned as a whole: all weights of an output (default; torch's `dim=0`) or of an input (`dim=1`). */
  readonly along?: 'outputs' | 'inputs';
  /** The norm that ranks them: 1, 2 (default), any other above 0, or Infinity. */
  readonly norm?: number;
}

/** Prunes whole outputs or inputs, smallest norm first (ln_structured of torch.nn.utils.prune). */
export function structuredMask(
  weights: Scores,
  layout: KernelLayout,
  sparsity: number,
  { along = 'outputs', norm = 2 }: StructuredPattern = {},
): Mask {
  requireRange(norm > 0, 'structuredMask', 'norm must be above 0', norm);
  requireRange(
    weights.length === weightCount(layout),
    'structuredMask',
    'weights must fill the layout',
    weights.length,
  );
  requireNumbers(weights, 'structuredMask');
  const norms = new Float64Array(layout[along]);
  const eachWeight = (visit: (weight: number, channel: number) => void): void => {
    for (let tap = 0; tap < layout.taps; tap++)
      for (let input = 0; input < layout.inputs; input++)
        for (let output = 0; output < layout.outputs; output++)
          visit(weightIndex(layout, tap, input, output), along === 'outputs' ? output : input);
  };
  eachWeight((weight, channel) => {
    const magnitude = Math.abs(weights[weight]);
    norms[channel] = norm === Infinity ? Math.max(norms[channel], magnitude) : norms[channel] + magnitude ** norm;
  });
  const kept = keepLargest(norms, keptCount(norms.length, sparsity, 'structuredMask'), 'structuredMask');
  const mask = new Uint8Array(weights.length);
  eachWeight((weight, channel) => (mask[weight] = kept[channel]));
  return mask;
}
