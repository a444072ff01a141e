import * as tf from '@tensorflow/tfjs';
import { sparseTensor } from '@tfjs-sparse/core';
import { dsvtSets } from '../dsvt-sets/op.js';
import { serializedPatches } from '../serialized-patches/op.js';
import { sinusoidalPositions } from '../sinusoidal-positions/op.js';
import { siteSets } from '../site-sets/own-sets.js';
import { setAttentionWeights } from './attention-weights.js';
import { setAttention, type SetAttentionOptions } from './op.js';

describe('setAttentionWeights', () => {
  const [channels, heads] = [16, 2];
  const coordinates = Array.from({ length: 40 }, (_, i) => [i % 2, (i * 7) % 5, (i * 3) % 8, i >> 1]);
  const normal = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);
  const example = () => {
    const { features, map } = sparseTensor(normal([40, channels], 1) as tf.Tensor2D, coordinates);
    const weights = {
      qkv: normal([channels, 3 * channels], 2) as tf.Tensor2D,
      qkvBias: normal([3 * channels], 3) as tf.Tensor1D,
      output: tf.eye(channels) as tf.Tensor2D,
    };
    const rope = { map, axes: [0, 1] };
    const bias = { table: normal([3 * 5, heads], 4) as tf.Tensor2D, map };
    const position = sinusoidalPositions(map, { channels, axes: [0, 1] });
    return { features, map, weights, options: { heads, rope, bias, position } satisfies SetAttentionOptions };
  };

  for (const kind of ['dsvtSets', 'serializedPatches'] as const) {
    it(`are those that setAttention weighs values with (${kind})`, async () => {
      const { features, map, weights, options } = example();
      const sets =
        kind === 'dsvtSets'
          ? dsvtSets(map, { windowSize: [5, 8, 10], setSize: 7 })
          : serializedPatches(map, { order: 'z', patchSize: 6 });
      const y = (await setAttention(features, sets, weights, options).array()) as number[][];
      const v = (await tf
        .matMul(features, tf.slice(weights.qkv, [0, 2 * channels]))
        .add(tf.slice(weights.qkvBias, 2 * channels))
        .array()) as number[][];
      for (const site of [0, 17, 39]) {
        const found = await setAttentionWeights(features, sets, weights, site, options);
        const width = channels / heads;
        const expected = Array.from({ length: channels }, (_, channel) => {
          const first = Math.floor(channel / width) * found.keys.length;
          return found.keys.reduce((sum, key, i) => sum + found.weights[first + i] * v[key][channel], 0);
        });
        expected.forEach((value, channel) => expect(y[site][channel]).toBeCloseTo(value, 4));
      }
    });
  }

  it('are none where a set has no keys, and are refused for a site that is none', async () => {
    const { features, weights } = example();
    const rest = Array.from({ length: 38 }, (_, i) => i + 2);
    const isKey = [[false, false], rest.map(() => true)];
    const sets = siteSets({ siteCount: 40, sets: [[0, 1], rest], isKey });
    expect(await setAttentionWeights(features, sets, weights, 1, { heads })).toEqual({
      keys: new Int32Array(0),
      weights: new Float32Array(0),
    });
    for (const site of [-1, 40, 0.5, NaN]) {
      await expectAsync(setAttentionWeights(features, sets, weights, site, { heads })).toBeRejectedWithError(
        RangeError,
        `setAttentionWeights: site must be an integer from 0 to 39, got ${site}`,
      );
    }
  });
});
