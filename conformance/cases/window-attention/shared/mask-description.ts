import {
  blockLists,
  causalMask,
  diagonals,
  globalTokens,
  headMasks,
  maskUnion,
  sinkTokens,
  slidingWindow,
  strided,
  verticalStripes,
  type AttentionMask,
} from '@tfjs-sparse/window-attention';
import * as field from '../../../src/fields.js';

/** A mask as a golden says it: one of the fields. */
export interface MaskDescription {
  readonly window?: { readonly left: number; readonly right: number; readonly dilation?: number };
  readonly stripes?: readonly number[];
  readonly sinks?: number;
  readonly stride?: number;
  readonly diagonals?: { readonly offsets: readonly number[]; readonly halfWidth: number };
  readonly globals?: readonly number[];
  readonly blocks?: {
    readonly queries: number;
    readonly keys: number;
    /** `[batches][heads][blocks of queries]` */
    readonly lists: readonly (readonly (readonly (readonly number[])[])[])[];
  };
  readonly union?: readonly MaskDescription[];
  /** Without fields: all keys. */
  readonly causal?: MaskDescription;
  readonly heads?: readonly MaskDescription[];
}

export const maskField: field.Field<MaskDescription> = (value, where) =>
  field.objectOf<MaskDescription>({
    window: field.optional(
      field.objectOf({ left: field.number, right: field.number, dilation: field.optional(field.number) }),
    ),
    stripes: field.optional(field.numbers),
    sinks: field.optional(field.number),
    stride: field.optional(field.number),
    diagonals: field.optional(field.objectOf({ offsets: field.numbers, halfWidth: field.number })),
    globals: field.optional(field.numbers),
    blocks: field.optional(
      field.objectOf({
        queries: field.number,
        keys: field.number,
        lists: field.listOf(field.listOf(field.listOf(field.numbers))),
      }),
    ),
    union: field.optional(field.listOf(maskField)),
    causal: field.optional(maskField),
    heads: field.optional(field.listOf(maskField)),
  })(value, where);

/** The mask of the plugin. */
export function maskOf({ blocks, ...given }: MaskDescription): AttentionMask {
  if (given.window) return slidingWindow(given.window);
  if (given.stripes) return verticalStripes({ columns: given.stripes });
  if (given.sinks !== undefined) return sinkTokens({ count: given.sinks });
  if (given.stride !== undefined) return strided({ stride: given.stride });
  if (given.diagonals) return diagonals(given.diagonals);
  if (given.globals) return globalTokens({ tokens: given.globals });
  if (given.union) return maskUnion(...given.union.map(maskOf));
  if (given.heads) return headMasks(given.heads.map(maskOf));
  if (given.causal) return isEmpty(given.causal) ? causalMask() : causalMask(maskOf(given.causal));
  if (!blocks) throw new RangeError(`golden: a mask must have a field, got none`);
  return blockLists({ blockSize: { queries: blocks.queries, keys: blocks.keys }, lists: blocks.lists });
}

function isEmpty(mask: MaskDescription): boolean {
  return Object.values(mask).every((value) => value === undefined);
}

interface Pair {
  readonly query: number;
  readonly key: number;
  readonly queries: number;
  readonly keys: number;
  readonly batch: number;
  readonly head: number;
  readonly headCount: number;
}

/** Whether a query sees a key. */
export function sees(mask: MaskDescription, pair: Pair): boolean {
  const { query, key, queries, keys, batch, head, headCount } = pair;
  const distance = key - (query + keys - queries);
  if (mask.window) {
    const { left, right, dilation = 1 } = mask.window;
    return distance >= -left && distance <= right && distance % dilation === 0;
  }
  if (mask.stripes) return mask.stripes.includes(key);
  if (mask.sinks !== undefined) return key < mask.sinks;
  if (mask.stride !== undefined) return distance % mask.stride === 0;
  if (mask.diagonals) {
    const { offsets, halfWidth } = mask.diagonals;
    return offsets.some((offset) => Math.abs(distance - offset) <= halfWidth);
  }
  if (mask.globals) return mask.globals.includes(key) || mask.globals.includes(key - distance);
  if (mask.union) return mask.union.some((each) => sees(each, pair));
  if (mask.causal) return distance <= 0 && (isEmpty(mask.causal) || sees(mask.causal, pair));
  if (mask.heads) return sees(mask.heads[Math.floor((head * mask.heads.length) / headCount)], pair);
  const { blocks } = mask;
  if (!blocks) return false;
  const ofBatch = blocks.lists[blocks.lists.length === 1 ? 0 : batch];
  const ofHead = ofBatch[Math.floor((head * ofBatch.length) / headCount)];
  return ofHead[Math.floor(query / blocks.queries)].includes(Math.floor(key / blocks.keys));
}
