import { seededRandom } from '@tfjs-sparse/core';
import { AttentionMask, sortedRanges, type KeyRange } from './attention-mask.js';
import { attentionPlan } from './attention-plan.js';
import { causalMask } from './combinations.js';
import { slidingWindow, strided } from './patterns.js';

/** Pairs `query * keys + key` that a plan of one pattern lets see. */
function pairsOf(mask: AttentionMask, queries: number, keys: number, width: number): number[] {
  const { starts, segments, bits } = attentionPlan(mask, queries, keys, width);
  const pairs: number[] = [];
  for (let panel = 0; panel < starts.length - 1; panel++) {
    for (let segment = starts[panel]; segment < starts[panel + 1]; segment++) {
      const [firstFour, fours, word] = segments.subarray(3 * segment, 3 * segment + 3);
      for (let key = 4 * firstFour; key < 4 * (firstFour + fours); key++) {
        for (let query = panel * width; query < Math.min((panel + 1) * width, queries); query++) {
          const bit = (key % 4) * width + (query % width);
          const at = word + (Math.floor(key / 4) - firstFour) * (width / 8) + (bit >> 5);
          if (word < 0 || (bits[at] >> (bit & 31)) & 1) pairs.push(query * keys + key);
        }
      }
    }
  }
  return pairs.sort((a, b) => a - b);
}

function visiblePairs(mask: AttentionMask, queries: number, keys: number): number[] {
  return Array.from({ length: queries }, (_, query) => {
    const place = { query, position: query + keys - queries, queries, keys, batch: 0, head: 0 };
    return sortedRanges(mask.visibleKeys(place), keys).flatMap(([first, end]) =>
      Array.from({ length: end - first }, (_, i) => query * keys + first + i),
    );
  }).flat();
}

describe('attentionPlan', () => {
  const next = seededRandom(7);
  const drawn = Array.from({ length: 140 }, () =>
    Array.from({ length: 3 }, (): KeyRange => {
      const first = Math.floor(next() * 160) - 10;
      return [first, first + Math.floor(next() * 30)];
    }),
  );
  const masks = {
    'a window': slidingWindow({ left: 21, right: 3 }),
    'causal strides': causalMask(strided({ stride: 3 })),
    'random ranges': new AttentionMask(({ query }) => drawn[query]),
    'ranges that queries share': new AttentionMask(({ query }) => drawn[query >> 5]),
    nothing: new AttentionMask(() => []),
  };
  for (const [name, mask] of Object.entries(masks)) {
    for (const width of [8, 64]) {
      it(`has exactly the pairs of ${name} in panels of ${width} queries`, () => {
        for (const [queries, keys] of [
          [140, 140],
          [37, 130],
          [70, 41],
          [1, 6],
        ]) {
          // prettier-ignore
          expect(pairsOf(mask, queries, keys, width)).toEqual(visiblePairs(mask, queries, keys));
        }
      });
    }
  }

  it('is made once per size', () => {
    const mask = slidingWindow({ left: 2 });
    expect(attentionPlan(mask, 8, 8, 8)).toBe(attentionPlan(mask, 8, 8, 8));
    expect(attentionPlan(mask, 8, 9, 8)).not.toBe(attentionPlan(mask, 8, 8, 8));
  });

  it('does a window of whole fours without bits but at its ends', () => {
    const { starts, segments } = attentionPlan(slidingWindow({ left: 15, right: 0 }), 64, 64, 8);
    const ofPanel = [...segments.subarray(3 * starts[4], 3 * starts[5])];
    expect(ofPanel.filter((_, i) => i % 3 < 2)).toEqual([4, 2, 6, 2, 8, 2]); // keys 17 to 39, of which all see 24 to 32
  });
});
