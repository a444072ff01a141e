import { dispose, randomNormal, reshape, tensor2d, tidy, type Tensor4D } from '@tensorflow/tfjs-core';
import { blockSparseAttention, maskOfPattern } from '@tfjs-sparse/window-attention';
import { denseAttention, splitHeads } from './dense-attention.js';
import { markKeys } from './mark-keys.js';
import { maskPattern } from './mask-pattern.js';
import { channels, type Settings } from './settings.js';

/** The largest difference between attention with a mask and dense attention whose other scores are hidden. */
export interface Difference {
  readonly largest: number;
  /** How many there were. */
  readonly tokens: number;
}

const mostTokens = 512; // a quarter of a million scores
const hiddenScore = -1e9;

/** Of the pattern with fewer tokens and one head; the hidden scores are those of the page's picture. */
export async function largestDifference(settings: Settings): Promise<Difference> {
  const tokens = Math.min(settings.tokens, mostTokens);
  const pattern = maskPattern({ ...settings, tokens });
  const mask = maskOfPattern(pattern);
  const [sparse, dense] = tidy(() => {
    const shape: [number, number, number, number] = [1, 1, tokens, channels];
    const operands = [4, 5, 6].map((seed) => randomNormal(shape, 0, 1, 'float32', seed)) as Tensor4D[];
    const [q, k, v] = operands;
    const hidden = Float32Array.from(
      seenOf(tokens, (query, row) => markKeys(pattern, query, row)),
      (isSeen) => (isSeen ? 0 : hiddenScore),
    );
    const [head] = splitHeads(operands);
    const ofMask = reshape(blockSparseAttention(q, k, v, mask), [tokens, channels]);
    return [ofMask, denseAttention(head, tensor2d(hidden, [tokens, tokens]))];
  });
  const [ours, theirs] = await Promise.all([sparse.data<'float32'>(), dense.data<'float32'>()]);
  dispose([sparse, dense]);
  mask.dispose();
  const largest = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i])), 0);
  return { largest, tokens };
}

/** uint8 `[tokens, tokens]`, row by row. */
function seenOf(tokens: number, mark: (query: number, row: Uint8Array) => void): Uint8Array {
  const seen = new Uint8Array(tokens * tokens);
  for (let query = 0; query < tokens; query++) mark(query, seen.subarray(query * tokens, (query + 1) * tokens));
  return seen;
}
