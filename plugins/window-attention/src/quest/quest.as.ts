/**
 * The pages before the last with the greatest scores, by falling score, of equal ones the earlier; then the last.
 *
 * @param first @param end lists of all batches  @param thread its part of scores
 * @param q f32[batches, heads, channels]  @param least f32[batches, keyHeads, pageCount, channels]  @param greatest like least
 * @param pages i32[batches, lists, count + 1]  @param scores f32[threads, count], those of the pages so far
 */
export function quest(
  first: usize,
  end: usize,
  thread: usize,
  q: usize,
  least: usize,
  greatest: usize,
  pages: usize,
  scores: usize,
  heads: usize,
  keyHeads: usize,
  pageCount: usize,
  channels: usize,
  lists: usize,
  count: usize,
): void {
  const rowBytes = channels << 2;
  const group = heads / lists;
  const best = scores + thread * (count << 2);
  for (let list = first; list < end; list++) {
    const chosen = pages + list * ((count + 1) << 2);
    let filled: usize = 0;
    for (let page: usize = 0; page + 1 < pageCount; page++) {
      let score: f32 = 0;
      for (let row = list * group; row < (list + 1) * group; row++) {
        const keyRow = (row / heads) * keyHeads + ((row % heads) * keyHeads) / heads;
        const bound = (keyRow * pageCount + page) * rowBytes;
        score += greatestProduct(q + row * rowBytes, least + bound, greatest + bound, rowBytes);
      }
      if (filled < count) filled++;
      else if (!(score > load<f32>(best + ((count - 1) << 2)))) continue;
      let place = filled - 1;
      for (; place > 0 && score > load<f32>(best + ((place - 1) << 2)); place--) {
        store<f32>(best + (place << 2), load<f32>(best + ((place - 1) << 2)));
        store<i32>(chosen + (place << 2), load<i32>(chosen + ((place - 1) << 2)));
      }
      store<f32>(best + (place << 2), score);
      store<i32>(chosen + (place << 2), page as i32);
    }
    store<i32>(chosen + (count << 2), pageCount as i32 - 1);
  }
}

/** The sum over channels of the greater product of q with the bounds. @param q @param least @param greatest f32[channels] */
function greatestProduct(q: usize, least: usize, greatest: usize, rowBytes: usize): f32 {
  const vectorBytes = rowBytes & ~15;
  let sums = f32x4.splat(0);
  let byte: usize = 0;
  for (; byte < vectorBytes; byte += 16) {
    const value = v128.load(q + byte);
    const low = f32x4.mul(value, v128.load(least + byte)), high = f32x4.mul(value, v128.load(greatest + byte));
    sums = f32x4.add(sums, f32x4.max(low, high));
  }
  let sum = f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) + f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3); // prettier-ignore
  for (; byte < rowBytes; byte += 4) {
    const value = load<f32>(q + byte);
    sum += max<f32>(value * load<f32>(least + byte), value * load<f32>(greatest + byte));
  }
  return sum;
}
