import type { serialization } from '@tensorflow/tfjs-core';
import type { MaskPattern } from '../attention-masks/mask-pattern.js';
import { BlockSparseAttention, type SequenceAttentionArgs } from '../block-sparse-attention/layer.js';
import { configOf } from '../parts/config-of.js';

export interface SlidingWindowAttentionArgs extends SequenceAttentionArgs {
  /** Keys before its own that a query sees. */
  left: number;
  /** Keys after its own; default 0: causal. */
  right?: number;
  /** Only every so-manieth of them; default 1. */
  dilation?: number;
  /** First keys that all queries see that come after them (attention sinks); default 0. */
  sinks?: number;
}

/**
 * Self-attention of sequences within a sliding window (Longformer, Mistral), with attention sinks (StreamingLLM) where wanted.
 * Input and output `[batches, tokens, channels]`.
 */
export class SlidingWindowAttention extends BlockSparseAttention {
  static override className = 'SlidingWindowAttention';
  private readonly window: Pick<Required<SlidingWindowAttentionArgs>, 'left' | 'right' | 'dilation' | 'sinks'>;

  constructor({ left, right = 0, dilation = 1, sinks = 0, ...args }: SlidingWindowAttentionArgs) {
    super({ ...args, mask: patternOf(left, right, dilation, sinks) });
    this.window = { left, right, dilation, sinks };
  }

  override getConfig(): serialization.ConfigDict {
    const config = super.getConfig();
    delete config.mask;
    return { ...config, ...configOf(this.window) };
  }
}

function patternOf(left: number, right: number, dilation: number, sinks: number): MaskPattern {
  const window = { kind: 'slidingWindow', left, right, dilation } as const;
  if (sinks === 0) return window;
  const both = { kind: 'maskUnion', masks: [{ kind: 'sinkTokens', count: sinks }, window] } as const;
  return right === 0 ? { kind: 'causalMask', mask: both } : both;
}
