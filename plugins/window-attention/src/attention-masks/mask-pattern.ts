import { requireRange } from '@tfjs-sparse/core';
import type { AttentionMask } from './attention-mask.js';
import { blockLists, type BlockListsOptions } from './block-lists.js';
import { causalMask, headMasks, maskUnion } from './combinations.js';
import { diagonals, globalTokens, sinkTokens, slidingWindow, strided, verticalStripes } from './patterns.js';

/** A mask as JSON holds it: the name of the function that makes it, and its options. */
export type MaskPattern =
  | { readonly kind: 'slidingWindow'; readonly left: number; readonly right?: number; readonly dilation?: number }
  | { readonly kind: 'verticalStripes'; readonly columns: readonly number[] }
  | { readonly kind: 'sinkTokens'; readonly count: number }
  | { readonly kind: 'diagonals'; readonly offsets: readonly number[]; readonly halfWidth?: number }
  | { readonly kind: 'strided'; readonly stride: number }
  | { readonly kind: 'globalTokens'; readonly tokens: readonly number[] }
  | ({ readonly kind: 'blockLists' } & BlockListsOptions)
  | { readonly kind: 'maskUnion'; readonly masks: readonly MaskPattern[] }
  | { readonly kind: 'causalMask'; readonly mask?: MaskPattern }
  | { readonly kind: 'headMasks'; readonly masks: readonly MaskPattern[] };

/**
 * The mask of a pattern; every call makes another, so keep it.
 *
 * @throws RangeError for a pattern of no known kind; what the function of that name throws
 */
export function maskOfPattern(pattern: MaskPattern): AttentionMask {
  switch (pattern.kind) {
    case 'slidingWindow':
      return slidingWindow(pattern);
    case 'verticalStripes':
      return verticalStripes(pattern);
    case 'sinkTokens':
      return sinkTokens(pattern);
    case 'diagonals':
      return diagonals(pattern);
    case 'strided':
      return strided(pattern);
    case 'globalTokens':
      return globalTokens(pattern);
    case 'blockLists':
      return blockLists(pattern);
    case 'maskUnion':
      return maskUnion(...pattern.masks.map(maskOfPattern));
    case 'causalMask':
      return pattern.mask ? causalMask(maskOfPattern(pattern.mask)) : causalMask();
    case 'headMasks':
      return headMasks(pattern.masks.map(maskOfPattern));
    default: {
      const { kind } = pattern as { readonly kind: unknown };
      requireRange(false, 'maskOfPattern', 'kind must be that of a mask (slidingWindow, causalMask, …)', kind);
    }
  }
}
