import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { CoordinateMap } from '@tfjs-sparse/core';
import {
  dsvtSets,
  flatFormerGroups,
  serializedPatches,
  setAttention,
  type SiteSets,
} from '@tfjs-sparse/window-attention';
import type { BenchCase, BenchContext } from './bench.js';
import { frames, readPoints } from './frames.js';
import { brief } from './measure.js';
import type { OnnxGraph } from './onnx-model.js';
import { peakBytes } from './peak-bytes.js';
import { twoThreads } from './two-threads.js';
import { compare, onnxFloats, onnxIntegers } from './topk-comparison.js';

interface SetCase {
  readonly name: string;
  readonly channels: number;
  /** Sets of one size, of which tfjs makes one tensor. */
  readonly partition: (map: CoordinateMap) => SiteSets;
}

const heads = 8;
const voxelSize = 0.1; // metres
const threadRounds = 5;

const cases: readonly SetCase[] = [
  {
    name: 'set/68642x128/8/69',
    channels: 128,
    partition: (map) => flatFormerGroups(map, { windowSize: [9, 9, 1], groupSize: 69, axes: [1, 0] }),
  },
  {
    name: 'set/68642x192/8/36',
    channels: 192,
    partition: (map) => dsvtSets(map, { windowSize: [12, 12, 32], setSize: 36, axes: [1, 0, 2], padding: 'repeats' }),
  },
  {
    name: 'patch/68642x128/8/1024',
    channels: 128,
    partition: (map) => serializedPatches(map, { order: 'hilbert', patchSize: 1024 }),
  },
];

/**
 * Multi-head attention of a SemanticKITTI scan from features to features, partition cached. `details.memory` is the most that
 * a run holds of the backend's memory, its output and what it keeps included, over the size of the features.
 */
export const setAttentionCases: readonly BenchCase[] = cases.map((each) => ({
  name: each.name,
  run: (context: BenchContext) => run(context, each),
}));

/** Those on two threads, `<case>/2-threads`. */
export const threadedSetAttentionCases: readonly BenchCase[] = cases.map((each) => ({
  name: `${each.name}/2-threads`,
  run: (context: BenchContext) => onTwoThreads(context, each),
}));

async function onTwoThreads(context: BenchContext, { channels, partition }: SetCase) {
  const { tf } = context;
  const map = await sitesOf(context);
  const sets = partition(map);
  const { x, weights } = draw(context, map.siteCount, channels);
  const row = await twoThreads(() => setAttention(x, sets, weights, { heads }), threadRounds);
  tf.dispose([x, weights.qkv, weights.output]);
  map.dispose();
  return row;
}

async function sitesOf(context: BenchContext): Promise<CoordinateMap> {
  const frame = frames.find(({ name }) => name === 'semantickitti')!;
  const points = await readPoints(context, frame);
  return CoordinateMap.fromPoints(points, 3, { voxelSize, pointStride: frame.floatsPerPoint }).map;
}

function draw({ tf }: BenchContext, sites: number, channels: number) {
  const normal = (rows: number, columns: number, deviation: number, seed: number) =>
    tf.randomNormal([rows, columns], 0, deviation, 'float32', seed) as Tensor2D;
  const qkv = normal(channels, 3 * channels, channels ** -0.5, 2);
  const output = normal(channels, channels, channels ** -0.5, 3);
  return { x: normal(sites, channels, 1, 1), weights: { qkv, output } };
}

async function run(context: BenchContext, { channels, partition }: SetCase) {
  const { tf } = context;
  const map = await sitesOf(context);
  const sets = partition(map);
  const sites = map.siteCount;
  const { x, weights } = draw(context, sites, channels);
  const { qkv, output } = weights;
  const parts = [0, 1, 2].map((part) => tf.slice(qkv, [0, part * channels], [channels, channels]));
  const slots = tf.tensor1d(sets.sites.slice(), 'int32');
  const places = tf.tensor1d(sets.places.slice(), 'int32');
  const size = sets.largestSize;
  const bias = sets.isKey && tf.tensor3d(Float32Array.from(sets.isKey, (isKey) => (isKey ? 0 : -1e9)), [sets.setCount, 1, size]); // prettier-ignore
  const tensors = { x, parts, output, slots, places, bias };
  const distinct = sets.distinct;
  let pairs = 0; // of queries and keys
  const { starts } = distinct;
  for (let set = 0; set < distinct.setCount; set++) pairs += (starts[set + 1] - starts[set]) ** 2;
  const ours = () => setAttention(x, sets, weights, { heads }).dispose();
  const bytes = peakBytes(tf.backend(), ours); // the first run, with all that is made once
  const row = await compare(context, {
    ours,
    // Many small products are faster as a batch; for large ones tfjs' wasm memory does not suffice, and one by one is faster.
    tfjs:
      size <= 128
        ? { batched: () => tf.tidy(() => batched(context, tensors, sets.setCount, size)).dispose() }
        : { apart: () => tf.tidy(() => apart(context, tensors, sets.setCount, size)).dispose() },
    onnx: size * sets.setCount * size * heads < 2 ** 29 ? await onnxGraph(tensors, sets.setCount, size) : null,
    passFloats: sites * channels,
    flops: 8 * sites * channels * channels + 4 * pairs * channels,
    effort: brief,
    details: { sites, sets: sets.setCount, slots: sets.slotCount, memory: bytes / (4 * sites * channels) },
  });
  tf.dispose([x, qkv, output, ...parts, slots, places, ...(bias ? [bias] : [])]);
  map.dispose();
  return row;
}

interface Operands {
  readonly x: Tensor2D;
  readonly parts: readonly Tensor[];
  readonly output: Tensor2D;
  readonly slots: Tensor1D;
  readonly places: Tensor1D;
  readonly bias: Tensor3D | null;
}

/** Sets and heads as one batch; rows are projected before they are gathered. */
function batched(
  { tf }: BenchContext,
  { x, parts, output, slots, places, bias }: Operands,
  sets: number,
  size: number,
) {
  const width = output.shape[0];
  const channels = width / heads;
  const [q, k, v] = parts.map((part) => {
    const gathered = tf.gather(tf.matMul(x, part as Tensor2D), slots);
    const rows = tf.transpose(tf.reshape(gathered, [sets, size, heads, channels]), [0, 2, 1, 3]);
    return tf.reshape(rows, [sets * heads, size, channels]);
  });
  let scores: Tensor = tf.mul(tf.matMul(q, tf.transpose(k, [0, 2, 1])), channels ** -0.5);
  if (bias) {
    const ofHeads = tf.reshape(scores, [sets, heads * size, size]);
    scores = tf.reshape(tf.add(ofHeads, bias), [sets * heads, size, size]);
  }
  const attended = tf.reshape(tf.matMul(tf.softmax(scores), v), [sets, heads, size, channels]);
  const rows = tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [sets * size, width]);
  return tf.matMul(tf.gather(rows, places), output);
}

/**
 * Sets and heads one by one, whose products of two matrices tfjs does at several times the speed of a batch. Each set is
 * gathered apart, as tfjs copies all of a tensor to cut a part of it, and what is to be transposed is so before it is
 * multiplied: products that transpose are several times slower.
 */
function apart({ tf }: BenchContext, { x, parts, output, slots, places, bias }: Operands, sets: number, size: number) {
  const width = output.shape[0];
  const channels = width / heads;
  const projected = parts.map((part) => tf.matMul(x, part as Tensor2D));
  const ofSets = tf.split(slots, sets).map((rows, set) =>
    tf.tidy(() => {
      const [q, k, v] = projected.map((all) =>
        tf.transpose(tf.reshape(tf.gather(all, rows), [size, heads, channels]), [1, 0, 2]),
      );
      const hidden = bias && tf.reshape(tf.slice(bias, [set, 0, 0], [1, 1, size]), [size]);
      const ofHeads = Array.from({ length: heads }, (_, head) => {
        const [ofQ, ofK, ofV] = [q, k, v].map((all) => tf.reshape(tf.slice(all, [head, 0, 0], [1, size, channels]), [size, channels])); // prettier-ignore
        const products = tf.mul(tf.matMul(ofQ as Tensor2D, tf.transpose(ofK)), channels ** -0.5);
        const scores = (hidden ? tf.add(products, hidden) : products) as Tensor2D;
        return tf.matMul(tf.softmax(scores), ofV as Tensor2D);
      });
      return tf.concat(ofHeads, 1);
    }),
  );
  return tf.matMul(tf.gather(tf.concat(ofSets, 0), places), output);
}

async function onnxGraph({ x, parts, output, slots, places, bias }: Operands, sets: number, size: number) {
  const width = output.shape[0];
  const channels = width / heads;
  const [q, k, v] = await Promise.all(parts.map(onnxFloats));
  const integersOf = async (tensor: Tensor) => onnxIntegers([...(await tensor.data())]);
  const part = (name: string, permutation: readonly number[]) => [
    { op: 'MatMul', inputs: ['x', `w_${name}`], outputs: [`p_${name}`] },
    { op: 'Gather', inputs: [`p_${name}`, 'slots'], outputs: [`g_${name}`], integers: { axis: 0 } },
    { op: 'Reshape', inputs: [`g_${name}`, 'divided'], outputs: [`r_${name}`] },
    { op: 'Transpose', inputs: [`r_${name}`], outputs: [name], lists: { perm: permutation } },
  ];
  const graph: OnnxGraph = {
    nodes: [
      ...part('q', [0, 2, 1, 3]),
      ...part('k', [0, 2, 3, 1]),
      ...part('v', [0, 2, 1, 3]),
      { op: 'MatMul', inputs: ['q', 'k'], outputs: ['products'] },
      { op: 'Mul', inputs: ['products', 'scale'], outputs: ['scaled'] },
      ...(bias ? [{ op: 'Add', inputs: ['scaled', 'bias'], outputs: ['scores'] }] : []),
      { op: 'Softmax', inputs: [bias ? 'scores' : 'scaled'], outputs: ['shares'], integers: { axis: 3 } },
      { op: 'MatMul', inputs: ['shares', 'v'], outputs: ['attended'] },
      { op: 'Transpose', inputs: ['attended'], outputs: ['turned'], lists: { perm: [0, 2, 1, 3] } },
      { op: 'Reshape', inputs: ['turned', 'flat'], outputs: ['rows'] },
      { op: 'Gather', inputs: ['rows', 'places'], outputs: ['placed'], integers: { axis: 0 } },
      { op: 'MatMul', inputs: ['placed', 'w_output'], outputs: ['y'] },
    ],
    initializers: {
      w_q: q,
      w_k: k,
      w_v: v,
      w_output: await onnxFloats(output),
      slots: await integersOf(slots),
      places: await integersOf(places),
      divided: onnxIntegers([sets, size, heads, channels]),
      flat: onnxIntegers([sets * size, width]),
      scale: { type: 'float32', shape: [1], values: Float32Array.of(channels ** -0.5) },
      ...(bias && { bias: { ...(await onnxFloats(bias)), shape: [sets, 1, 1, size] } }),
    },
    inputs: { x: await onnxFloats(x) },
    outputs: { y: { type: 'float32', shape: x.shape } },
  };
  return graph;
}
