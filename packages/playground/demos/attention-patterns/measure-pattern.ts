import { dispose, randomNormal, tidy, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { blockSparseAttention, maskOfPattern } from '@tfjs-sparse/window-attention';
import { median } from '../../src/numbers.js';
import { deviceName } from '../../src/worker/device-name.js';
import { largestDifference, type Difference } from './largest-difference.js';
import { denseAttention, firstRows, splitHeads } from './dense-attention.js';
import { maskPattern } from './mask-pattern.js';
import { channels, type Settings } from './settings.js';

export interface Measurement {
  /** Of tfjs; on webgpu with the adapter. */
  readonly device: string;
  readonly sparse: Timing;
  readonly dense: Timing;
  /** Of the first run of the mask, which makes its tables and, on webgpu, compiles. */
  readonly firstMs: number;
  readonly difference: Difference;
}

export interface Timing {
  /** The median. */
  readonly ms: number;
  readonly runs: number;
}

const mostRuns = 7;
const leastRuns = 3;
const budgetMs = 1000; // the page waits for that, or for the least runs, before it can ask for another mask
const longMs = 1000; // a dense run that takes longer is not worth another

/** Times attention with a mask and dense attention, in turns, each with reading its result, on the active backend. */
export async function measurePattern(settings: Settings): Promise<Measurement> {
  const { tokens, heads } = settings;
  const shape: [number, number, number, number] = [1, heads, tokens, channels];
  const operands = [1, 2, 3].map((seed) => randomNormal(shape, 0, 1, 'float32', seed)) as Tensor4D[];
  const matrices = splitHeads(operands);
  const mask = maskOfPattern(maskPattern(settings));
  try {
    const [q, k, v] = operands;
    const sparse = () => timed(() => [blockSparseAttention(q, k, v, mask)]);
    const dense = () => timed(() => matrices.map((head) => denseAttention(head)));
    const firstMs = await sparse();
    await timed(() => [tidy(() => denseAttention([firstRows(matrices[0][0]), matrices[0][1], matrices[0][2]]))]); // compiles
    const [sparseMs, denseMs]: number[][] = [[], []];
    const end = performance.now() + budgetMs;
    while (sparseMs.length < leastRuns || (sparseMs.length < mostRuns && performance.now() < end)) {
      sparseMs.push(await sparse());
      if (denseMs.length === 0 || denseMs[0] < longMs) denseMs.push(await dense());
    }
    return {
      device: await deviceName(),
      sparse: { ms: median(sparseMs), runs: sparseMs.length },
      dense: { ms: median(denseMs), runs: denseMs.length },
      firstMs,
      difference: await largestDifference(settings),
    };
  } finally {
    mask.dispose();
    dispose([operands, matrices.flat()]);
  }
}

/** Milliseconds until the results are read. */
async function timed(attend: () => Tensor[]): Promise<number> {
  const start = performance.now();
  const results = attend();
  await Promise.all(results.map((result) => result.data()));
  dispose(results);
  return performance.now() - start;
}
