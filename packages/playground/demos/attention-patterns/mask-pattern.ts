import type { MaskPattern } from '@tfjs-sparse/window-attention';
import { seenBlocks } from './seen-blocks.js';
import { blockSize, type Settings } from './settings.js';

type OfKind<Kind> = Extract<MaskPattern, { readonly kind: Kind }>;

/** The patterns of window-attention that the page can draw. */
export type DrawnPattern =
  | OfKind<'slidingWindow' | 'sinkTokens' | 'verticalStripes' | 'strided'>
  | { readonly kind: 'blockLists'; readonly blockSize: number; readonly lists: readonly (readonly number[])[] }
  | { readonly kind: 'maskUnion'; readonly masks: readonly DrawnPattern[] }
  | { readonly kind: 'causalMask'; readonly mask: DrawnPattern };

/** The pattern that is drawn by the page, measured by the worker and shown as code. */
export function maskPattern(settings: Settings): DrawnPattern {
  const { left, right, dilation, sinks, stripes, stride, causal } = settings;
  const dilated = dilation > 1 && { dilation };
  const parts: DrawnPattern[] = [{ kind: 'slidingWindow', left, ...(!causal && { right }), ...dilated }];
  if (sinks > 0) parts.push({ kind: 'sinkTokens', count: sinks });
  if (stripes > 0) parts.push({ kind: 'verticalStripes', columns: stripeColumns(settings) });
  if (stride > 0) parts.push({ kind: 'strided', stride });
  const lists = seenBlocks(settings);
  if (lists.some((list) => list.length > 0)) parts.push({ kind: 'blockLists', blockSize, lists });
  const union: DrawnPattern = parts.length > 1 ? { kind: 'maskUnion', masks: parts } : parts[0];
  return causal ? { kind: 'causalMask', mask: union } : union;
}

/** In the middle of as many equal parts of the keys. */
function stripeColumns({ tokens, stripes }: Settings): number[] {
  return Array.from({ length: stripes }, (_, i) => Math.floor(((i + 0.5) * tokens) / stripes));
}
