import type { Mask } from './keep-largest.js';
import { weightIndex, type KernelLayout } from './kernel-layout.js';

/** Names the most regular pattern that a mask has: see `LayerSparsity.pattern`. */
export function patternName(mask: Mask, layout: KernelLayout): string {
  if (!mask.includes(0)) return 'dense';
  const blockOutputs = [8, 4, 2].find((count) => hasSharedOutputs(mask, layout, count)) ?? 1;
  const m = [2, 4, 8, 16].find((length) => keptPerGroup(mask, layout, length) !== undefined);
  if (m) return `${keptPerGroup(mask, layout, m)}:${m}${blockOutputs > 1 ? ` x ${blockOutputs}` : ''}`;
  return blockOutputs > 1 ? `${blockOutputs}x1 blocks` : 'unstructured';
}

function hasSharedOutputs(mask: Mask, layout: KernelLayout, blockOutputs: number): boolean {
  for (let tap = 0; tap < layout.taps; tap++)
    for (let input = 0; input < layout.inputs; input++)
      for (let output = 0; output < layout.outputs; output++) {
        const first = weightIndex(layout, tap, input, output - (output % blockOutputs));
        if (mask[weightIndex(layout, tap, input, output)] !== mask[first]) return false;
      }
  return layout.outputs >= blockOutputs;
}

/** How many weights every group of `m` inputs keeps, where that is the same number, above 0, for all. */
function keptPerGroup(mask: Mask, layout: KernelLayout, m: number): number | undefined {
  if (layout.inputs % m !== 0) return undefined;
  let common: number | undefined;
  for (let tap = 0; tap < layout.taps; tap++)
    for (let output = 0; output < layout.outputs; output++)
      for (let input = 0; input < layout.inputs; input += m) {
        let kept = 0;
        for (let i = 0; i < m; i++) kept += mask[weightIndex(layout, tap, input + i, output)];
        if (kept === 0 || (common !== undefined && kept !== common)) return undefined;
        common = kept;
      }
  return common;
}
