import { exp2x4 } from '@tfjs-sparse/core/src/assembly/exp2.as';
import { storeTransposed } from '@tfjs-sparse/core/src/assembly/simd.as';
import { addScores } from './attend-panel.as';
import { layOutPanel, scalePanel } from './lay-out.as';
import { padded } from './padded.as';
import { hide } from './visible-keys.as';

// Powers of panels of eight queries, which are computed again, and the gradients of their scores.

const log2e: f32 = 1.4426950408889634;

// Where the parts of a thread's scratch begin; it serves some queries of one head at a time.
let queryPanels: usize = 0; // f32[panels, channels, 8], times scale / ln 2
let dyPanels: usize = 0; // f32[panels, valueChannels, 8]
let sums: usize = 0; // f32[panels, 2, 8]: logSumExp / ln 2, dy . y

/** @param queries a multiple of 8  @returns where the scratch ends that begins at `start` */
export function divideScoreGradients(start: usize, queries: usize, channels: usize, valueChannels: usize): usize {
  queryPanels = padded(start, 64);
  dyPanels = queryPanels + queries * (channels << 2);
  sums = dyPanels + queries * (valueChannels << 2);
  return sums + (queries << 3);
}

/**
 * Lays out the queries whose scores differentiateScores takes.
 *
 * @param q f32, the head's first channel of row 0  @param y @param dy like q  @param rowBytes of q  @param valueBytes of y and dy
 * @param logSumExp f32, the head's number of row 0  @param logBytes from row to row  @param list u32[count]: rows
 */
export function layOutForScores(
  q: usize,
  y: usize,
  dy: usize,
  logSumExp: usize,
  rowBytes: usize,
  valueBytes: usize,
  logBytes: usize,
  list: usize,
  count: usize,
  channels: usize,
  valueChannels: usize,
  scale: f32,
): void {
  for (let query: usize = 0; query < count; query += 8) {
    const ofPanel = list + (query << 2), part = min(count - query, 8);
    const panel = queryPanels + query * (channels << 2);
    layOutPanel(q, rowBytes, ofPanel, part, channels, panel);
    scalePanel(panel, channels, scale * log2e);
    layOutPanel(dy, valueBytes, ofPanel, part, valueChannels, dyPanels + query * (valueChannels << 2));
  }
  for (let query: usize = 0; query < padded(count, 8); query++) {
    let log: f32 = Infinity; // of queries that pad the last panel: no power
    let product: f32 = 0;
    if (query < count) {
      const row = load<u32>(list + (query << 2)) as usize, at = row * valueBytes;
      log = load<f32>(logSumExp + row * logBytes) * log2e;
      for (let byte = at; byte < at + (valueChannels << 2); byte += 4) product += load<f32>(dy + byte) * load<f32>(y + byte);
    }
    const to = sums + ((query >> 3) << 6) + ((query & 7) << 2);
    store<f32>(to, log);
    store<f32>(to, product, 32);
  }
}

/**
 * Adds the products of a panel with keys to the scores, which become the gradients of the scores.
 *
 * @param keys f32[ceil(count / 4), channels, 4]  @param values f32[ceil(count / 4), valueChannels, 4]
 * @param scores f32[count padded to 4, 8]: 0 or a bias  @param powers like scores, written
 * @param bytes u8[count] of visible-keys.as.ts, or 0 where the queries see all keys
 */
export function differentiateScores(
  panel: usize,
  keys: usize,
  values: usize,
  count: usize,
  channels: usize,
  valueChannels: usize,
  bytes: usize,
  scores: usize,
  powers: usize,
): void {
  memory.fill(powers, 0, padded(count, 4) << 5);
  addScores(queryPanels + panel * (channels << 5), keys, count, channels, scores);
  addScores(dyPanels + panel * (valueChannels << 5), values, count, valueChannels, powers);
  differentiate(scores, powers, padded(count, 4), sums + (panel << 6));
  if (bytes == 0) return;
  hide(bytes, count, scores, 0);
  hide(bytes, count, powers, 0);
}

/** @param products f32[count, 8]: dy . v, in whose place the powers come to stand  @param ofPanel f32[2, 8]: its sums */
function differentiate(scores: usize, products: usize, count: usize, ofPanel: usize): void {
  const log0 = v128.load(ofPanel), log1 = v128.load(ofPanel, 16);
  const dot0 = v128.load(ofPanel, 32), dot1 = v128.load(ofPanel, 48);
  for (let score = scores, product = products, end = scores + (count << 5); score < end; score += 32, product += 32) {
    const power0 = exp2x4(f32x4.sub(v128.load(score), log0));
    const power1 = exp2x4(f32x4.sub(v128.load(score, 16), log1));
    v128.store(score, f32x4.mul(power0, f32x4.sub(v128.load(product), dot0)));
    v128.store(score, f32x4.mul(power1, f32x4.sub(v128.load(product, 16), dot1)), 16);
    v128.store(product, power0);
    v128.store(product, power1, 16);
  }
}

/**
 * Turns numbers of a panel, key by key, into columns of keys, query by query: the factors of rows of queries.
 *
 * @param from f32[count padded to 4, 8]  @param to f32[ceil(count / 4), queries, 4], from the panel's first query
 * @param blockBytes 16 * queries
 */
export function turnPanel(from: usize, count: usize, to: usize, blockBytes: usize): void {
  for (const end = from + (count << 5); from < end; from += 128, to += blockBytes) {
    storeTransposed(v128.load(from), v128.load(from, 32), v128.load(from, 64), v128.load(from, 96), to, 16);
    storeTransposed(v128.load(from, 16), v128.load(from, 48), v128.load(from, 80), v128.load(from, 112), to + 64, 16);
  }
}
