import { attendHead, attendHeadScratch, useBias } from '../attention/attend-head.as';

/**
 * Attention of the queries of each set to its keys.
 *
 * @param first @param end items: set * heads + head  @param thread whose scratch to use
 * @param q f32[sites, heads, channels]  @param k @param v like q
 * @param bias f32[axes * (2 * bound + 1), heads], or 0  @param coordinates i32[sites, axes], read where there is a bias
 * @param queryStarts u32[sets + 1]  @param queries u32[queryStarts[sets]] sites  @param keyStarts u32[sets + 1]  @param keys u32[]
 * @param y f32[sites, heads, channels], rows of queries are written  @param logSumExp f32[sites, heads]
 * @param scratch attendHeadScratch bytes for each thread
 */
export function setDotProductAttention(
  first: usize,
  end: usize,
  thread: usize,
  q: usize,
  k: usize,
  v: usize,
  bias: usize,
  coordinates: usize,
  queryStarts: usize,
  queries: usize,
  keyStarts: usize,
  keys: usize,
  y: usize,
  logSumExp: usize,
  scratch: usize,
  heads: usize,
  channels: usize,
  mostKeys: usize,
  axes: usize,
  bound: i32,
  scale: f32,
): void {
  const rowBytes = (heads * channels) << 2;
  const ofThread = scratch + thread * attendHeadScratch(mostKeys, channels);
  useBias(bias, coordinates, axes, bound, heads);
  for (let item = first; item < end; item++) {
    const set = (item / heads) << 2;
    const head = item % heads;
    const offset = head * (channels << 2);
    const queryList = queries + ((load<u32>(queryStarts + set) as usize) << 2);
    const queryCount = (load<u32>(queryStarts + set, 4) - load<u32>(queryStarts + set)) as usize;
    const keyList = keys + ((load<u32>(keyStarts + set) as usize) << 2);
    const keyCount = (load<u32>(keyStarts + set, 4) - load<u32>(keyStarts + set)) as usize;
    attendHead(
      q + offset,
      k + offset,
      v + offset,
      y + offset,
      rowBytes,
      queryList,
      queryCount,
      keyList,
      keyCount,
      queryList,
      keyList,
      channels,
      heads,
      head,
      scale,
      logSumExp,
      ofThread,
    );
  }
}
