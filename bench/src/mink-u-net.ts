import type { CoordinateMap } from '@tfjs-sparse/core';
import { fit, predict } from '@tfjs-sparse/layers';
import { voxelize } from '@tfjs-sparse/sparse-conv';
import { minkUNet } from '@tfjs-sparse/sparse-conv/layers';
import type { LayersModel, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { frames, readPoints } from './frames.js';
import { measure } from './measure.js';
import { downGeometry, pyramid } from './pyramid.js';
import { submGeometry } from './subm-geometry.js';
import { twoThreads } from './two-threads.js';
import { wasmBytes } from './wasm-bytes.js';
import { yardsticks } from './yardsticks.js';

const voxelSize = 0.1; // metres
const classes = 20;
const threadRounds = 5;
const planes = [32, 64, 128, 128, 128, 64, 32];
const depth = (planes.length - 1) / 2;
const frame = frames.find(({ name }) => name === 'semantickitti')!;

/** A U-Net for classes per voxel of a real scan, of the size that facts about native engines are known for. */
export const minkUNetCases: readonly BenchCase[] = [
  { name: `${frame.name}@${voxelSize}`, run: inference },
  { name: `${frame.name}@${voxelSize}/2-threads`, run: onTwoThreads },
  { name: `${frame.name}@${voxelSize}/train-step`, run: trainStep },
];

/** Points to logits: voxelization, all maps, all layers. */
async function inference(context: BenchContext) {
  const { tf } = context;
  const points = await readPoints(context, frame);
  const features = tf.tensor2d(points, [points.length / frame.floatsPerPoint, frame.floatsPerPoint]);
  const model = network();
  const voxels = () => voxelize(features, features, { voxelSize, rank: 3 }).tensor;
  const run = () => {
    const x = voxels();
    (predict(model, x) as Tensor).dispose();
    x.dispose();
  };
  run();
  const wasmMegabytes = wasmBytes(context) / 1e6;
  const x = voxels();
  const flops = flopsOf(model, x.map);
  const yard = yardsticks(context);
  const times = await measure({
    ours: run,
    maps: () => pyramid(points, frame, voxelSize)[0].dispose(),
    cachedMaps: () => (predict(model, x) as Tensor).dispose(),
    ...yard.contenders,
  });
  x.dispose();
  model.dispose();
  features.dispose();
  yard.dispose();
  return {
    threads: 1,
    ms: times.ours,
    ...yard.rates(flops, times.ours, times),
    speedup: {},
    details: { maps: times.maps, cachedMaps: times.cachedMaps, wasmMegabytes, gflop: flops / 1e9 },
  };
}

/** Ends with an error when the logits of two threads differ in any bit from those of one. */
async function onTwoThreads(context: BenchContext) {
  const { tf } = context;
  const points = await readPoints(context, frame);
  const features = tf.tensor2d(points, [points.length / frame.floatsPerPoint, frame.floatsPerPoint]);
  const model = network();
  const row = await twoThreads(() => {
    const { tensor: x } = voxelize(features, features, { voxelSize, rank: 3 });
    const logits = predict(model, x) as Tensor;
    x.dispose();
    return logits;
  }, threadRounds);
  model.dispose();
  features.dispose();
  return row;
}

/** Forward, backward and the step of the optimizer on one scan, beside the forward pass alone. */
async function trainStep(context: BenchContext) {
  const { tf } = context;
  const points = await readPoints(context, frame);
  const features = tf.tensor2d(points, [points.length / frame.floatsPerPoint, frame.floatsPerPoint]);
  const { tensor: x } = voxelize(features, features, { voxelSize, rank: 3 });
  const labels = tf.oneHot(tf.randomUniform([x.map.siteCount], 0, classes, 'int32', 1) as Tensor, classes) as Tensor2D;
  const model = network();
  model.compile({
    optimizer: tf.train.sgd(1e-3),
    loss: (truth, logits) => tf.losses.softmaxCrossEntropy(truth, logits),
  });
  const forward = () => (predict(model, x) as Tensor).dispose();
  const step = () => fit(model, x, labels, { batchSize: 1 });
  const flops = 3 * flopsOf(model, x.map); // the gradients for inputs and for filters are as many each
  const yard = yardsticks(context);
  const times = await measure({ ours: step, forward, ...yard.contenders });
  tf.dispose([features, labels]);
  x.dispose();
  model.dispose();
  yard.dispose();
  return {
    threads: 1,
    ms: times.ours,
    ...yard.rates(flops, times.ours, times),
    speedup: { forward: times.forward / times.ours },
    details: { forward: times.forward, timesForward: times.ours / times.forward },
  };
}

function network(): LayersModel {
  return minkUNet({
    channels: frame.floatsPerPoint,
    classes,
    planes,
    encoderBlocks: 2,
    decoderBlocks: 1,
    block: 'plain',
    hasNorm: false,
    seed: 1,
  });
}

/** Multiplications and additions of one forward pass. */
function flopsOf(model: LayersModel, finest: CoordinateMap): number {
  const levels = [finest];
  while (levels.length <= depth) levels.push(levels.at(-1)!.downsample(downGeometry));
  return model.layers.reduce((sum, layer) => {
    const weights = layer.getWeights();
    if (weights.length === 0) return sum;
    const [inChannels, outChannels] = weights[0].shape.slice(-2);
    const level = Number(/^level(\d)/.exec(layer.name)?.[1] ?? 0);
    return sum + 2 * pairsOf(layer.name, levels, level) * inChannels * outChannels;
  }, 0);
}

/** Pairs of sites that a layer multiplies. The decoder of level `n` works on the sites of level `n - 1`. */
function pairsOf(layerName: string, levels: readonly CoordinateMap[], level: number): number {
  if (layerName === 'head') return levels[0].siteCount;
  if (/down|up/.test(layerName)) return levels[level - 1].siteCount;
  return levels[layerName.includes('decoder') ? level - 1 : level].kernelMap(submGeometry).pairCount;
}
