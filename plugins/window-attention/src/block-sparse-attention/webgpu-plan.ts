import { derivedKey, workgroupThreads } from '@tfjs-sparse/core';
import { attentionPlan } from '../attention-masks/attention-plan.js';
import type { BlockSparseAttention } from './attributes.js';

/** The plan of panels of 64 queries in one table, a binding is scarce: starts, segments, bits. */
interface GpuPlan {
  readonly table: Int32Array;
  readonly panels: number;
  readonly segmentsAt: number;
  readonly bitsAt: number;
}

/**
 * The same by tiles of 64 keys: of each tile, of each pattern, the first of its parts; then the parts, `[panel, first four,
 * end four, first word of the bits or -1]`.
 */
interface GpuKeyPlan {
  readonly table: Int32Array;
  readonly tiles: number;
  readonly partsAt: number;
}

const plans = derivedKey<GpuPlan>();
const keyPlans = derivedKey<GpuKeyPlan>();
const foursOfTile = workgroupThreads / 4;

export function gpuPlan({ mask, queries, keys }: BlockSparseAttention['attrs']): GpuPlan {
  return mask.derived(plans.of([queries, keys].join()), (own) => {
    const { panels, starts, segments, bits } = attentionPlan(mask, queries, keys, workgroupThreads);
    const table = new Int32Array(starts.length + segments.length + bits.length);
    table.set(starts);
    table.set(segments, starts.length);
    table.set(bits, starts.length + segments.length);
    return { table: own(table), panels, segmentsAt: starts.length, bitsAt: starts.length + segments.length };
  });
}

export function gpuKeyPlan({ mask, queries, keys }: BlockSparseAttention['attrs']): GpuKeyPlan {
  return mask.derived(keyPlans.of([queries, keys].join()), (own) => {
    const { panels, starts, segments } = attentionPlan(mask, queries, keys, workgroupThreads);
    const tiles = Math.ceil(keys / workgroupThreads);
    const parts: number[][] = Array.from({ length: mask.batches * mask.heads * tiles }, () => []);
    for (let panel = 0; panel < starts.length - 1; panel++) {
      for (let segment = starts[panel]; segment < starts[panel + 1]; segment++) {
        const [first, fours, word] = segments.subarray(3 * segment, 3 * segment + 3);
        const firstTile = Math.floor(first / foursOfTile);
        for (let tile = firstTile; tile * foursOfTile < first + fours; tile++) {
          const from = Math.max(first, tile * foursOfTile);
          const to = Math.min(first + fours, (tile + 1) * foursOfTile);
          const bits = word < 0 ? -1 : word + (from - first) * wordsOfFour;
          parts[Math.floor(panel / panels) * tiles + tile].push(panel % panels, from, to, bits);
        }
      }
    }
    const firstParts = [0];
    for (const { length } of parts) firstParts.push(firstParts[firstParts.length - 1] + length / 4);
    return { table: own(Int32Array.from([...firstParts, ...parts.flat()])), tiles, partsAt: firstParts.length };
  });
}

const wordsOfFour = workgroupThreads / 8; // 4 keys x 64 queries in words of 32 bits
