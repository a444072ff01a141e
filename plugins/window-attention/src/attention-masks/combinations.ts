import { requireRange } from '@tfjs-sparse/core';
import { AttentionMask, type MaskExtent } from './attention-mask.js';

/** Keys that any of the masks lets a query see. */
export function maskUnion(...masks: readonly AttentionMask[]): AttentionMask {
  requireRange(masks.length > 0, 'maskUnion', 'masks must be at least one', masks.length);
  const extent = {
    batches: commonCount('batches', masks.map(({ batches }) => batches)), // prettier-ignore
    heads: commonCount('heads', masks.map(({ heads }) => heads)), // prettier-ignore
    requireSizes: requireSizesOf(masks),
  };
  return new AttentionMask((place) => {
    return masks.flatMap(({ visibleKeys, batches, heads }) =>
      visibleKeys({ ...place, batch: place.batch % batches, head: place.head % heads }),
    );
  }, extent);
}

/** Of a mask the keys up to each query's own; without one all of them. Lists and stripes become causal by it. */
export function causalMask(mask = everything): AttentionMask {
  return new AttentionMask((place) => {
    const end = place.position + 1;
    return mask.visibleKeys(place).map(([first, last]) => [first, Math.min(last, end)]);
  }, mask);
}

/** A mask of its own for each head, or for each run of heads of the same length. */
export function headMasks(masks: readonly AttentionMask[]): AttentionMask {
  requireRange(masks.length > 0, 'headMasks', 'masks must be at least one', masks.length);
  const ofHeads = masks.find(({ heads }) => heads !== 1);
  requireRange(!ofHeads, 'headMasks', 'masks must have one pattern for all heads', ofHeads?.heads);
  const batches = commonCount('batches', masks.map((mask) => mask.batches)); // prettier-ignore
  const visible: AttentionMask['visibleKeys'] = (place) => {
    const mask = masks[place.head];
    return mask.visibleKeys({ ...place, batch: place.batch % mask.batches, head: 0 });
  };
  return new AttentionMask(visible, { batches, heads: masks.length, requireSizes: requireSizesOf(masks) });
}

const everything = new AttentionMask(({ keys }) => [[0, keys]]);

function commonCount(what: string, counts: readonly number[]): number {
  const most = Math.max(...counts);
  const other = counts.find((count) => count !== 1 && count !== most);
  requireRange(other === undefined, 'masks', `${what} of combined masks must be 1 or ${most}`, other);
  return most;
}

function requireSizesOf(masks: readonly AttentionMask[]): NonNullable<MaskExtent['requireSizes']> {
  return (op, queries, keys) => masks.forEach((mask) => mask.requireSizes(op, queries, keys));
}
