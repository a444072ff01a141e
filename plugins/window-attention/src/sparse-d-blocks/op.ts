import { add, concat, fill, less, scalar, slice, tidy, topk, where, type Tensor4D } from '@tensorflow/tfjs-core';
import { requireRange, stopGradient } from '@tfjs-sparse/core';
import { requireSequences } from '../block-sparse-attention/op.js';
import { ascending } from '../kept-tokens/ascending.js';
import { blockSizes, type SelectedBlockAttentionOptions } from '../selected-block-attention/op.js';
import { blockImportance } from './block-importance.js';

export interface SparseDBlocksOptions {
  readonly blockSize: SelectedBlockAttentionOptions['blockSize'];
  /** Share of the blocks that each block of queries sees: `floor(blocks * select) + 1` of them. */
  readonly select: number;
  /**
   * Blocks of keys at the start that are the prompt's: it keeps those that are among the best of all. Those behind it, which
   * are being generated, are selected by themselves, by the softmax of their keys alone. Default: all are the prompt's.
   */
  readonly promptBlocks?: number;
  /** What products of queries and keys are multiplied with; default 1 / sqrt(channels). The published code has 1 / sqrt(heads). */
  readonly scale?: number;
}

/**
 * The blocks that SparseD (Wang et al. 2025, section 3.2) selects once, after the first steps of a diffusion language model,
 * and sees in all later ones: of each block of queries and each head those that got most of its attention. It does the work
 * of dense attention. Without a causal mask, as such models are.
 *
 * @param q `[batches, heads, queries, channels]`
 * @param k `[batches, keyHeads, keys, channels]`
 * @returns int32 `[batches, heads, ceil(queries / blockSize.queries), width]` for `selectedBlockAttention`: ascending, -1
 *   behind them. Without gradient.
 * @throws RangeError or TypeError for operands that do not fit each other, and for options beyond their ranges
 */
export function sparseDBlocks(q: Tensor4D, k: Tensor4D, options: SparseDBlocksOptions): Tensor4D {
  requireSequences(op, q, k, k);
  const size = blockSizes(op, options.blockSize);
  const { select, scale = q.shape[3] ** -0.5 } = options;
  const count = Math.ceil(k.shape[2] / size.keys);
  const { promptBlocks = count } = options;
  requireRange(select >= 0 && select <= 1, op, 'select must be from 0 to 1', select);
  const isPrompt = Number.isInteger(promptBlocks) && promptBlocks >= 0 && promptBlocks <= count;
  requireRange(isPrompt, op, `promptBlocks must be an integer from 0 to ${count} (blocks of keys)`, promptBlocks);
  requireRange(Number.isFinite(scale), op, 'scale must be a finite number', scale);
  requireRange(q.size > 0 && k.size > 0, op, 'q and k must have tokens', [...q.shape, ...k.shape]);
  return tidy(() => {
    const ofAll = best(blockImportance(q, k, size, scale), select);
    if (promptBlocks === count) return stopGradient(ascending(ofAll));
    const ofPrompt = where(less(ofAll, promptBlocks), ofAll, fill(ofAll.shape, -1, 'int32')) as Tensor4D;
    const [batches, keyHeads, keys, channels] = k.shape;
    const prompt = promptBlocks * size.keys;
    const behind = slice(k, [0, 0, prompt, 0], [batches, keyHeads, keys - prompt, channels]);
    const generated = best(blockImportance(q, behind, size, scale), select);
    return stopGradient(ascending(concat([ofPrompt, add(generated, scalar(promptBlocks, 'int32')) as Tensor4D], 3)));
  });
}

const op = 'sparseDBlocks';

/** The places of the greatest of the last axis. */
function best(importance: Tensor4D, select: number): Tensor4D {
  const count = importance.shape[3];
  return topk(importance, Math.min(Math.floor(count * select) + 1, count)).indices as Tensor4D;
}
