import type { Tensor4D } from '@tensorflow/tfjs';
import { blockSparseAttention, causalMask, slidingWindow } from '@tfjs-sparse/window-attention';
import type { BenchContext } from '../bench.js';
import { measure } from '../measure.js';
import { answerOf, channels, drawPrompt, heads } from './attention-heads.js';
import { firstHop, operands } from './prefill.js';
import { countOf, keptMass, relativeError } from './quality.js';
import { cacheSelectors, type CacheSelector } from './selectors.js';
import { tasks, type TaskName } from './tasks.js';

const seeds = [1, 2, 3, 4];

/** One selector of a cache of so many keys, of which queries that follow see all but so many percent. */
export async function decodeRow(context: BenchContext, name: string, tokens: number, percent: number) {
  const { tf } = context;
  const prepare = cacheSelectors[name];
  const budget = tokens * (1 - percent / 100);
  const prompt = firstHop(tasks.recall(tokens, 9), tokens, 9);
  const [q, k, v] = operands(context, prompt, tokens);
  const cache = prepare(context, q, k, budget);
  const causal = causalMask();
  const window = slidingWindow({ left: Math.round(budget) - 1 });
  let [error, mass, seen] = [0, 0, 0];
  for (const rows of prompt.following) {
    const one = tf.tensor4d(rows, [1, heads, 1, channels]);
    const selection = cache.select(one);
    const visible = await selection.visibleKeys();
    const [y, dense] = [selection.attend(one, k, v), blockSparseAttention(one, k, v, causal)];
    error += await relativeError(context, y, dense);
    for (let head = 0; head < heads; head++) {
      const ranges = visible(head, 0);
      seen += countOf(ranges) / heads;
      const query = rows.subarray(head * channels, (head + 1) * channels);
      mass += keptMass(query, prompt.k, head, tokens, tokens, ranges) / heads;
    }
    selection.dispose();
    tf.dispose([one, y, dense]);
  }
  const one = tf.tensor4d(prompt.following[0], [1, heads, 1, channels]);
  const times = await measure({
    ours: () => {
      const selection = cache.select(one);
      selection.attend(one, k, v).dispose();
      selection.dispose();
    },
    prepare: () => prepare(context, q, k, budget).dispose(),
    dense: () => blockSparseAttention(one, k, v, causal).dispose(),
    window: () => blockSparseAttention(one, k, v, window).dispose(),
  });
  cache.dispose();
  tf.dispose([q, k, v, one]);
  const scores: Record<string, number> = {};
  for (const of of Object.keys(tasks) as TaskName[]) scores[of] = await taskScore(context, prepare, budget, of, tokens);
  const count = prompt.following.length;
  return {
    threads: 1,
    ms: times.ours,
    ...{ gflops: null, percentOfPeak: null, rateVsMatMul: null },
    speedup: { ownDense: times.dense / times.ours, window: times.window / times.ours },
    details: {
      leftOut: 1 - seen / count / tokens,
      error: error / count,
      mass: mass / count,
      ...scores,
      prepareMs: times.prepare,
    },
  };
}

/** The share of the questions behind prompts that are answered rightly from what of the cache is seen, hop after hop. */
async function taskScore(
  context: BenchContext,
  prepare: CacheSelector,
  budget: number,
  name: TaskName,
  tokens: number,
): Promise<number> {
  const { tf } = context;
  let [right, asked] = [0, 0];
  for (const seed of seeds) {
    const task = tasks[name](tokens, seed);
    let rows = new Map([...task.asked].map(([row, { word }]) => [row, word]));
    let following = task.following.map(({ word }) => word);
    for (let hop = 0; hop < task.hops; hop++) {
      const prompt = drawPrompt(task, tokens, seed + 100 * hop, { rows, following });
      const [q, k, v] = operands(context, prompt, tokens);
      const cache = prepare(context, q, k, budget);
      const answers: number[] = [];
      for (const query of prompt.following) {
        const one = tf.tensor4d(query, [1, heads, 1, channels]);
        const selection = cache.select(one);
        const y: Tensor4D = selection.attend(one, k, v);
        answers.push(answerOf(((await y.data()) as Float32Array).subarray(0, channels)));
        selection.dispose();
        tf.dispose([one, y]);
      }
      cache.dispose();
      tf.dispose([q, k, v]);
      following = answers;
      rows = new Map([...rows.keys()].map((row, i) => [row, answers[i % answers.length]]));
    }
    right += task.following.filter(({ answer }, i) => following[i] === answer).length;
    asked += task.following.length;
  }
  return right / asked;
}
