import type { Tensor4D } from '@tensorflow/tfjs';
import { blockSparseAttention, causalMask, slidingWindow, type KeyRange } from '@tfjs-sparse/window-attention';
import type { BenchContext } from '../bench.js';
import { brief, measure } from '../measure.js';
import { answerOf, channels, drawPrompt, heads, type Prompt } from './attention-heads.js';
import { keptMass, relativeError, seenShare } from './quality.js';
import { prefillSelectors, type PrefillSelector } from './selectors.js';
import { tasks, type Task, type TaskName } from './tasks.js';

const seeds = [1, 2, 3, 4];
const massRows = 64; // rows whose attention is added up on the host

/** One selector at one length, leaving out so many percent of the causal pairs. */
export async function prefillRow(context: BenchContext, name: string, tokens: number, percent: number) {
  const { tf } = context;
  const select = prefillSelectors[name];
  const task = tasks.recall(tokens, 9);
  const prompt = firstHop(task, tokens, 9);
  const [q, k, v] = operands(context, prompt, tokens);
  const budget = await budgetFor(select, q, k, 1 - percent / 100);
  const selection = await select(q, k, budget);
  const visible = await selection.visibleKeys();
  const share = seenShare(visible, tokens);
  const causal = causalMask();
  const window = slidingWindow({ left: windowFor(share, tokens) - 1 });
  const [y, dense] = [selection.attend(q, k, v), blockSparseAttention(q, k, v, causal)];
  const error = await relativeError(context, y, dense);
  const mass = meanMass(prompt, tokens, visible);
  selection.dispose();
  tf.dispose([y, dense]);
  const times = await measure(
    {
      ours: async () => {
        const fresh = await select(q, k, budget);
        fresh.attend(q, k, v).dispose();
        fresh.dispose();
      },
      select: async () => (await select(q, k, budget)).dispose(),
      dense: () => blockSparseAttention(q, k, v, causal).dispose(),
      window: () => blockSparseAttention(q, k, v, window).dispose(),
    },
    brief,
  );
  tf.dispose([q, k, v]);
  const scores: Record<string, number> = {};
  for (const of of Object.keys(tasks) as TaskName[]) scores[of] = await taskScore(context, select, budget, of, tokens);
  return {
    threads: 1,
    ms: times.ours,
    ...{ gflops: null, percentOfPeak: null, rateVsMatMul: null },
    speedup: { ownDense: times.dense / times.ours, window: times.window / times.ours },
    details: { leftOut: 1 - share, error, mass, ...scores, selectMs: times.select },
  };
}

/** The budget with which a selector lets see a share of the causal pairs, by bisection. */
export async function budgetFor(
  select: PrefillSelector,
  q: Tensor4D,
  k: Tensor4D,
  share: number,
  blockSize?: number,
): Promise<number> {
  const tokens = k.shape[2];
  let [low, high] = [1, 16 * tokens];
  for (let step = 0; step < 14; step++) {
    const middle = Math.sqrt(low * high);
    const selection = await select(q, k, middle, blockSize);
    if (seenShare(await selection.visibleKeys(), tokens) > share) high = middle;
    else low = middle;
    selection.dispose();
  }
  return low;
}

/** Keys of a causal window that sees a share of the causal pairs. */
function windowFor(share: number, tokens: number): number {
  const pairs = (share * tokens * (tokens + 1)) / 2;
  const side = 2 * tokens + 1;
  return Math.max(1, Math.round((side - Math.sqrt(Math.max(side ** 2 - 8 * pairs, 0))) / 2));
}

/** The share of the questions in prompts that are answered rightly by attention to what is selected, hop after hop. */
async function taskScore(
  context: BenchContext,
  select: PrefillSelector,
  budget: number,
  name: TaskName,
  tokens: number,
): Promise<number> {
  let [right, asked] = [0, 0];
  for (const seed of seeds) {
    const task = tasks[name](tokens, seed);
    let rows = new Map([...task.asked].map(([row, { word }]) => [row, word]));
    for (let hop = 0; hop < task.hops; hop++) {
      const [q, k, v] = operands(context, drawPrompt(task, tokens, seed + 100 * hop, { rows, following: [] }), tokens);
      const selection = await select(q, k, budget);
      const y = selection.attend(q, k, v);
      const values = (await y.data()) as Float32Array;
      rows = new Map([...rows.keys()].map((row) => [row, answerOf(values.subarray(row * channels, (row + 1) * channels))])); // prettier-ignore
      selection.dispose();
      context.tf.dispose([q, k, v, y]);
    }
    for (const [row, { answer }] of task.asked) right += Number(rows.get(row) === answer);
    asked += task.asked.size;
  }
  return right / asked;
}

/** A prompt whose rows ask their first questions. */
export function firstHop(task: Task, tokens: number, seed: number): Prompt {
  const rows = new Map([...task.asked].map(([row, { word }]) => [row, word]));
  return drawPrompt(task, tokens, seed, { rows, following: task.following.map(({ word }) => word) });
}

export function operands({ tf }: BenchContext, { q, k, v }: Prompt, tokens: number): [Tensor4D, Tensor4D, Tensor4D] {
  const [a, b, c] = [q, k, v].map((values) => tf.tensor4d(values, [1, heads, tokens, channels]));
  return [a, b, c];
}

function meanMass(
  { q, k }: Prompt,
  tokens: number,
  visible: (head: number, query: number) => readonly KeyRange[],
): number {
  let total = 0;
  for (let i = 0; i < massRows; i++) {
    const query = Math.floor(((i + 0.5) * tokens) / massRows);
    for (let head = 0; head < heads; head++) {
      const row = (head * tokens + query) * channels;
      total += keptMass(q.subarray(row, row + channels), k, head, tokens, query + 1, visible(head, query));
    }
  }
  return total / massRows / heads;
}
