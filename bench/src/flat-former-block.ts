import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { CoordinateMap, SparseTensor } from '@tfjs-sparse/core';
import { submConv } from '@tfjs-sparse/sparse-conv';
import { flatFormerBlock, linear, setAttention, flatFormerGroups, type SetEncoderWeights } from '@tfjs-sparse/window-attention'; // prettier-ignore
import type { BenchCase, BenchContext } from './bench.js';
import { frames, readPoints } from './frames.js';
import { brief, measure } from './measure.js';
import { submGeometry } from './subm-geometry.js';
import { yardsticks } from './yardsticks.js';

const [channels, hidden, heads, groupSize] = [128, 256, 8, 69];
const layers = 4;
const windowSize = [9, 9, 1];
const voxelSize = 0.1; // metres

/**
 * A block of FlatFormer, four encoder layers, of a SemanticKITTI scan. `details.overSubmConv` is its time over that of one
 * submanifold 3 x 3 x 3 convolution of the same width on the same sites, `operationsOverSubmConv` the same of operations;
 * `attentionMs` and `feedForwardMs` are those of one layer.
 */
export const flatFormerBlockCases: readonly BenchCase[] = [{ name: 'block/68642x128/8/69', run }];

async function run(context: BenchContext) {
  const { tf } = context;
  const frame = frames.find(({ name }) => name === 'semantickitti')!;
  const points = await readPoints(context, frame);
  const { map } = CoordinateMap.fromPoints(points, 3, { voxelSize, pointStride: frame.floatsPerPoint });
  const sites = map.siteCount;
  const matrix = (rows: number, columns: number, seed: number) =>
    tf.randomNormal([rows, columns], 0, rows ** -0.5, 'float32', seed) as Tensor2D;
  const norm = { scale: tf.ones([channels]) as Tensor1D, offset: tf.zeros([channels]) as Tensor1D };
  const weights: SetEncoderWeights = {
    attention: { qkv: matrix(channels, 3 * channels, 1), output: matrix(channels, channels, 2) },
    ...{ norm1: norm, norm2: norm },
    ...{ inner: matrix(channels, hidden, 3), innerBias: tf.zeros([hidden]) as Tensor1D },
    ...{ outer: matrix(hidden, channels, 4), outerBias: tf.zeros([channels]) as Tensor1D },
  };
  const x = new SparseTensor(matrix(sites, channels, 5), map);
  const filter = tf.randomNormal([27, channels, channels], 0, 0.02, 'float32', 6) as Tensor3D;
  const options = { heads, windowSize, groupSize, axes: [1, 0] as const };
  const { inner, innerBias, outer, outerBias } = weights;
  const groups = flatFormerGroups(map, { windowSize, groupSize, axes: [1, 0] });
  const yard = yardsticks(context);
  const times = await measure(
    {
      ours: () => flatFormerBlock(x, [weights, weights, weights, weights], options).features.dispose(),
      submConv: () => submConv(x, filter, { kernelSize: 3 }).features.dispose(),
      attention: () => setAttention(x.features, groups, weights.attention, { heads }).dispose(),
      feedForward: () =>
        tf.tidy(() => linear(linear(x.features, inner, innerBias, { activation: 'gelu' }), outer, outerBias)).dispose(),
      ...yard.contenders,
    },
    brief,
  );
  const perSite = 8 * channels * channels + 4 * groupSize * channels + 4 * channels * hidden;
  const flops = layers * sites * perSite;
  const ofConvolution = 2 * map.kernelMap(submGeometry).pairCount * channels * channels;
  const rates = yard.rates(flops, times.ours, times);
  yard.dispose();
  const { qkv, output } = weights.attention;
  tf.dispose([x.features, filter, qkv, output, norm.scale, norm.offset, inner, innerBias, outer, outerBias]);
  map.dispose();
  return {
    threads: 1,
    ms: times.ours,
    ...rates,
    speedup: {},
    details: {
      overSubmConv: times.ours / times.submConv,
      operationsOverSubmConv: flops / ofConvolution,
      attentionMs: times.attention,
      feedForwardMs: times.feedForward,
    },
  };
}
