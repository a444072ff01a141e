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
import { compare, onnxFloats, onnxIntegers } from './topk-comparison.js';

interface SetCase {
  readonly name: string;
  readonly channels: number;
  /** Sets of one size, of which tfjs makes one tensor. */
  readonly partition: (map: CoordinateMap) => SiteSets;
}

const heads = 8;
const voxelSize = 0.1; // metres

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

/** Multi-head attention of a SemanticKITTI scan from features to features, partition cached. */
export const setAttentionCases: readonly BenchCase[] = cases.map((each) => ({
  name: each.name,
  run: (context: BenchContext) => run(context, each),
}));

async function run(context: BenchContext, { channels, partition }: SetCase) {
  const { tf } = context;
  const frame = frames.find(({ name }) => name === 'semantickitti')!;
  const points = await readPoints(context, frame);
  const { map } = CoordinateMap.fromPoints(points, 3, { voxelSize, pointStride: frame.floatsPerPoint });
  const sets = partition(map);
  const sites = map.siteCount;
  const x = tf.randomNormal([sites, channels], 0, 1, 'float32', 1) as Tensor2D;
  const qkv = tf.randomNormal([channels, 3 * channels], 0, channels ** -0.5, 'float32', 2) as Tensor2D;
  const output = tf.randomNormal([channels, channels], 0, channels ** -0.5, 'float32', 3) as Tensor2D;
  const parts = [0, 1, 2].map((part) => tf.slice(qkv, [0, part * channels], [channels, channels]));
  const slots = tf.tensor1d(sets.sites.slice(), 'int32');
  const places = tf.tensor1d(sets.places.slice(), 'int32');
  const size = sets.largestSize;
  const bias = sets.isKey && tf.tensor3d(Float32Array.from(sets.isKey, (isKey) => (isKey ? 0 : -1e9)), [sets.setCount, 1, size]); // prettier-ignore
  const weights = { qkv, output };
  const tensors = { x, parts, output, slots, places, bias };
  const distinct = sets.distinct;
  let pairs = 0; // of queries and keys
  const { starts } = distinct;
  for (let set = 0; set < distinct.setCount; set++) pairs += (starts[set + 1] - starts[set]) ** 2;
  const row = await compare(context, {
    ours: () => setAttention(x, sets, weights, { heads }).dispose(),
    // Many small products are faster as a batch; for large ones tfjs' wasm memory does not suffice, and one by one is faster.
    tfjs:
      size <= 128
        ? { batched: () => tf.tidy(() => batched(context, tensors, sets.setCount, size)).dispose() }
        : { apart: () => tf.tidy(() => apart(context, tensors, sets.setCount, size)).dispose() },
    onnx: size * sets.setCount * size * heads < 2 ** 29 ? await onnxGraph(tensors, sets.setCount, size) : null,
    passFloats: sites * channels,
    flops: 8 * sites * channels * channels + 4 * pairs * channels,
    effort: brief,
    details: { sites, sets: sets.setCount, slots: sets.slotCount },
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
  let scores: Tensor = tf.mul(tf.matMul(q, k, false, true), channels ** -0.5);
  if (bias) {
    const ofHeads = tf.reshape(scores, [sets, heads * size, size]);
    scores = tf.reshape(tf.add(ofHeads, bias), [sets * heads, size, size]);
  }
  const attended = tf.reshape(tf.matMul(tf.softmax(scores), v), [sets, heads, size, channels]);
  const rows = tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [sets * size, width]);
  return tf.matMul(tf.gather(rows, places), output);
}

/** Sets and heads one by one, whose products of two matrices tfjs does at several times the speed of a batch. */
function apart({ tf }: BenchContext, { x, parts, output, slots, places, bias }: Operands, sets: number, size: number) {
  const width = output.shape[0];
  const channels = width / heads;
  const gathered = parts.map((part) => tf.gather(tf.matMul(x, part as Tensor2D), slots));
  const rows = Array.from({ length: sets }, (_, index) => {
    const ofHeads = Array.from({ length: heads }, (_, head) =>
      tf.tidy(() => {
        const [q, k, v] = gathered.map((each) => tf.slice2d(each as Tensor2D, [index * size, head * channels], [size, channels])); // prettier-ignore
        const products = tf.mul(tf.matMul(q, k, false, true), channels ** -0.5);
        const scores = bias
          ? tf.add(products, tf.reshape(tf.slice(bias, [index, 0, 0], [1, 1, size]), [size]))
          : products;
        return tf.matMul(tf.softmax(scores as Tensor2D), v);
      }),
    );
    return tf.concat(ofHeads, 1);
  });
  return tf.matMul(tf.gather(tf.concat(rows, 0), places), output);
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
