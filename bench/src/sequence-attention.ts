import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { seededRandom } from '@tfjs-sparse/core';
import {
  blockLists,
  blockSparseAttention,
  selectBlocks,
  selectedBlockAttention,
  slidingWindow,
  type AttentionMask,
} from '@tfjs-sparse/window-attention';
import type { BenchCase, BenchContext } from './bench.js';
import { denseAttention, denseGradients, localAttention, rowAttention, splitHeads } from './dense-attention.js';
import { brief, measure } from './measure.js';
import { yardsticks } from './yardsticks.js';

const heads = 8;
const channels = 64;
const windowKeys = 256;
const blockSize = 64;

/**
 * `sliding/<tokens>/<heads>x<channels>/<keys>`: causal windows; `/gradients` with those of q, k and v;
 * `blocks/<tokens>/<heads>x<channels>/<percent>`: random blocks of 64 x 64, of which so many percent are left out;
 * `selected/<tokens>/<heads>x<channels>/top<blocks>`: of each block of 64 queries so many blocks of 64 keys, with choosing them;
 * `decode/…`: one query to the last keys of so many tokens, and to as many in blocks given by a tensor.
 */
export const sequenceAttentionCases: readonly BenchCase[] = [
  { name: `sliding/8192/8x64/256`, run: (context) => slide(context, 8192) },
  { name: `sliding/8192/8x64/256/gradients`, run: (context) => slideBack(context, 8192) },
  ...[4096, 16384, 32768].map((tokens) => ({
    name: `sliding/${tokens}/8x64/256`,
    run: (context: BenchContext) => scale(context, tokens),
  })),
  ...[80, 90, 95].map((percent) => ({
    name: `blocks/4096/8x64/${percent}`,
    run: (context: BenchContext) => attendBlocks(context, 4096, percent),
  })),
  { name: 'selected/4096/8x64/top16', run: (context) => selectThenAttend(context, 4096, 16) },
  { name: 'decode/8192/8x64/256', run: (context) => decode(context, 8192) },
];

async function slide(context: BenchContext, tokens: number) {
  const { tf } = context;
  const operands = draw(context, tokens);
  const local = splitHeads(context, operands);
  const yard = yardsticks(context);
  const mask = causalWindow();
  const times = await measure(
    {
      ours: () => blockSparseAttention(...operands, mask).dispose(),
      dense: () => tf.dispose(denseAttention(context, local)),
      local: () => tf.dispose(localAttention(context, local, windowKeys)),
      ...yard.contenders,
    },
    brief,
  );
  yard.dispose();
  tf.dispose([operands, local]);
  return row(yard.rates(4 * channels * heads * windowPairs(tokens), times.ours, times), times.ours, {
    tfjs: times.dense / times.ours,
    tfjsLocal: times.local / times.ours,
  });
}

async function slideBack(context: BenchContext, tokens: number) {
  const { tf } = context;
  const operands = draw(context, tokens);
  const local = splitHeads(context, operands);
  const yard = yardsticks(context);
  const mask = causalWindow();
  const ours = tf.grads((q, k, v) => blockSparseAttention(q as Tensor4D, k as Tensor4D, v as Tensor4D, mask));
  const dy = tf.ones([tokens, channels]) as Tensor2D;
  const times = await measure(
    {
      ours: () => tf.dispose(ours(operands)),
      dense: () => local.forEach((ofHead) => tf.dispose(denseGradients(context, [ofHead], dy))),
      ...yard.contenders,
    },
    brief,
  );
  yard.dispose();
  tf.dispose([operands, local, dy]);
  const products = 2 + 5; // forward, and with the scores again backward
  return row(yard.rates(2 * products * channels * heads * windowPairs(tokens), times.ours, times), times.ours, {
    tfjs: times.dense / times.ours,
  });
}

/** Time per token beside that of 8,192 tokens. */
async function scale(context: BenchContext, tokens: number) {
  const { tf } = context;
  const [operands, others] = [draw(context, tokens), draw(context, 8192)];
  const yard = yardsticks(context);
  const mask = causalWindow();
  const times = await measure({
    ours: () => blockSparseAttention(...operands, mask).dispose(),
    at8192: () => blockSparseAttention(...others, mask).dispose(),
    ...yard.contenders,
  });
  yard.dispose();
  tf.dispose([operands, others]);
  const perToken = times.ours / tokens;
  const rates = yard.rates(4 * channels * heads * windowPairs(tokens), times.ours, times);
  return row(rates, times.ours, {}, { usPerToken: 1000 * perToken, perTokenVs8192: perToken / (times.at8192 / 8192) });
}

async function attendBlocks(context: BenchContext, tokens: number, percent: number) {
  const { tf } = context;
  const operands = draw(context, tokens);
  const local = splitHeads(context, operands);
  const yard = yardsticks(context);
  const { mask, blocks } = randomBlocks(tokens, percent);
  const times = await measure(
    {
      ours: () => blockSparseAttention(...operands, mask).dispose(),
      dense: () => tf.dispose(denseAttention(context, local)),
      ...yard.contenders,
    },
    brief,
  );
  yard.dispose();
  tf.dispose([operands, local]);
  const rates = yard.rates(4 * channels * blocks * blockSize ** 2, times.ours, times);
  return row(rates, times.ours, { tfjs: times.dense / times.ours }, { blocks });
}

async function selectThenAttend(context: BenchContext, tokens: number, top: number) {
  const { tf } = context;
  const operands = draw(context, tokens);
  const [q, k, v] = operands;
  const local = splitHeads(context, operands);
  const yard = yardsticks(context);
  const choose = () => selectBlocks(q, k, { blockSize, top });
  const times = await measure(
    {
      ours: () => tf.tidy(() => selectedBlockAttention(q, k, v, choose(), { blockSize })).dispose(),
      choosing: () => choose().dispose(),
      dense: () => tf.dispose(denseAttention(context, local)),
      ...yard.contenders,
    },
    brief,
  );
  yard.dispose();
  tf.dispose([operands, local]);
  const rates = yard.rates(4 * channels * heads * tokens * top * blockSize, times.ours, times);
  return row(rates, times.ours, { tfjs: times.dense / times.ours }, { choosingMs: times.choosing });
}

async function decode(context: BenchContext, tokens: number) {
  const { tf } = context;
  const [queries, k, v] = draw(context, tokens);
  const q = tf.slice(queries, [0, 0, 0, 0], [1, heads, 1, channels]);
  const split = splitHeads(context, [k, v]);
  const rows = splitHeads(context, [q]);
  const ofHeads = rows.map(([query], head) => [query, ...split[head]]);
  const mask = causalWindow();
  const listed = windowKeys / blockSize;
  const chosen = Array.from({ length: heads * listed }, (_, i) => (i % listed) * 31 + Math.floor(i / listed));
  const blocks = tf.tensor4d(chosen, [1, heads, 1, listed], 'int32');
  const size: [number, number] = [windowKeys, channels];
  const last = () =>
    ofHeads.map((ofHead) => ofHead.map((x) => (x.shape[0] === 1 ? x : tf.slice(x, [tokens - windowKeys, 0], size))));
  const times = await measure({
    ours: () => blockSparseAttention(q, k, v, mask).dispose(),
    selected: () => selectedBlockAttention(q, k, v, blocks, { blockSize: { queries: 1, keys: blockSize } }).dispose(),
    dense: () => tf.dispose(rowAttention(context, ofHeads)),
    local: () => tf.tidy(() => void rowAttention(context, last())),
  });
  tf.dispose([queries, k, v, q, split, rows, blocks]);
  return {
    threads: 1,
    ms: times.ours,
    ...{ gflops: null, percentOfPeak: null, rateVsMatMul: null },
    speedup: {
      tfjs: times.dense / times.ours,
      tfjsLocal: times.local / times.ours,
      tfjsVsSelected: times.dense / times.selected,
    },
    details: { selectedMs: times.selected },
  };
}

function row(
  rates: { gflops: number; percentOfPeak: number; rateVsMatMul: number },
  ms: number,
  speedup: Readonly<Record<string, number>>,
  details: Readonly<Record<string, number>> = {},
) {
  return { threads: 1, ms, ...rates, speedup, details };
}

function draw({ tf }: BenchContext, tokens: number): [Tensor4D, Tensor4D, Tensor4D] {
  const shape: [number, number, number, number] = [1, heads, tokens, channels];
  const [q, k, v] = [1, 2, 3].map((seed) => tf.randomNormal(shape, 0, 1, 'float32', seed) as Tensor4D);
  return [q, k, v];
}

function causalWindow(): AttentionMask {
  return slidingWindow({ left: windowKeys - 1 });
}

/** Pairs of a query and a key that it sees, of one head. */
function windowPairs(tokens: number): number {
  return tokens * windowKeys - (windowKeys * (windowKeys - 1)) / 2;
}

/** The same number of blocks in all lists, of each head its own. */
function randomBlocks(tokens: number, percent: number): { mask: AttentionMask; blocks: number } {
  const next = seededRandom(1);
  const count = tokens / blockSize;
  const kept = Math.round((count * (100 - percent)) / 100);
  const list = () => {
    const all = Array.from({ length: count }, (_, block) => ({ block, key: next() }));
    return all.sort((a, b) => a.key - b.key).slice(0, kept).map(({ block }) => block); // prettier-ignore
  };
  const lists = Array.from({ length: heads }, () => Array.from({ length: count }, list));
  return { mask: blockLists({ blockSize, lists }), blocks: heads * count * kept };
}
