import { sqrt, square, sub, sum, tidy, add, div, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import type { AttentionMask } from '../attention-masks/attention-mask.js';
import { blockSparseAttention } from '../block-sparse-attention/op.js';
import type { AttentionSample } from './op.js';

const runs = 5; // the median of so many, behind one that compiles

const leastMs = 2; // clocks of browsers have steps of up to 1 ms

/** The median milliseconds until what `run` makes is read. */
export async function millisecondsOf(run: () => Tensor): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i <= runs; i++) times.push(await timeOf(run));
  return times.slice(1).sort((a, b) => a - b)[runs >> 1];
}

/** Of one run, out of as many as the clock can tell. */
async function timeOf(run: () => Tensor): Promise<number> {
  const start = performance.now();
  for (let count = 1; ; count++) {
    const y = run();
    await y.data();
    y.dispose();
    const ms = performance.now() - start;
    if (ms >= leastMs) return ms / count;
  }
}

/** |y - dense| / |dense| of each head, over all samples. */
export async function headErrors(
  samples: readonly AttentionSample[],
  mask: AttentionMask,
  dense: AttentionMask,
): Promise<number[]> {
  const errors = tidy(() => {
    const squares = samples.map(({ q, k, v }) =>
      tidy(() => {
        const expected = blockSparseAttention(q, k, v, dense);
        return [ofHeads(sub(blockSparseAttention(q, k, v, mask), expected)), ofHeads(expected)];
      }),
    );
    const [error, norm] = [0, 1].map((part) => squares.map((each) => each[part]).reduce((a, b) => add(a, b)));
    return sqrt(div(error, norm));
  });
  const values = Array.from(await errors.data());
  errors.dispose();
  return values;
}

/** `[heads]`: the sum of squares of each head. */
function ofHeads(y: Tensor4D): Tensor {
  return sum(square(y), [0, 2, 3]);
}
