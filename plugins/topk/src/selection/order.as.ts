import { padKeys } from './bound.as';
import { trimTo } from './candidates.as';
import { writeByRank } from './ranks.as';
import { writeSorted } from './sorted.as';

/** Ranks take a comparison of every candidate with every other; above this sorting is faster (bench topk, rows). */
const mostRanked: usize = 96;

/**
 * Writes the k greatest candidates, the greatest first and of equal ones the first.
 *
 * @param indices u32[count] ascending  @param keys i32[count], with room for padding  @param scratch u64[count + 16]
 * @param to i32[k] the indices, 0 < k <= count
 */
export function writeInOrder(indices: usize, keys: usize, count: usize, scratch: usize, to: usize, k: usize): void {
  if (count > k + (k >> 1) + 16 || k > mostRanked) {
    trimTo(k, indices, keys, count);
    count = k;
  }
  if (k > mostRanked) {
    writeSorted(indices, keys, count, scratch, to);
  } else {
    padKeys(keys, count);
    writeByRank(indices, keys, count, scratch, to, k);
  }
}
