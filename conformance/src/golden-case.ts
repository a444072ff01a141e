import * as tf from '@tensorflow/tfjs-core';
import type { GoldenCase, GoldenLayer } from './golden-file.js';
import { forwardPass, type ForwardPass, type LayerValue } from './golden-forward.js';
import {
  channelsFirst,
  channelsLast,
  goldenProgram,
  leafTensors,
  outputRows,
  type GoldenProgram,
} from './golden-leaves.js';
import { matchRows } from './match-rows.js';
import type { Sites, SparseOps } from './ops.js';

/** What a run left, on the host and in the golden's layout. */
export interface Execution {
  readonly outputs: ReadonlyMap<string, HostValue>;
  /** By leaf name; empty where the case has no cotangent. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  readonly statistics: ReadonlyMap<string, HostStatistics>;
}

export interface HostValue {
  /** int32 `[rows, 1 + rank]` in the golden's units, or null for a dense grid. */
  readonly coordinates: Int32Array | null;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** voxelize: the row of each point. */
  readonly inverse: Int32Array | null;
}

export interface HostStatistics {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly siteCount: number;
}

/** Runs a case forwards and, where it has a cotangent, backwards. Reads asynchronously only; leaves nothing behind. */
export async function executeGolden(golden: GoldenCase, ops: SparseOps): Promise<Execution> {
  const program = goldenProgram(golden);
  const sites = new Set<Sites>();
  const leaves = leafTensors(program.leaves);
  const garbage: tf.Tensor[] = [...leaves];
  try {
    const isNonzero = golden.layers[0].mode === 'nonzero';
    const pass = isNonzero
      ? await nonzeroPass(ops, leaves[0], sites)
      : forwardKept(program, ops, leaves, sites, garbage);
    if (isNonzero) for (const value of pass.values.values()) garbage.push(...tensorsOf(value));
    const outputs = new Map<string, HostValue>();
    for (const layer of golden.layers) outputs.set(layer.name, await hostValue(program, layer, pass));
    const statistics = new Map<string, HostStatistics>();
    for (const [name, { features, mean, variance }] of pass.statistics) {
      const [meanValues, varianceValues] = [await read(mean), await read(variance)];
      statistics.set(name, { mean: meanValues, variance: varianceValues, siteCount: features.shape[0] });
    }
    const gradients = new Map<string, Float32Array>();
    const dy = isNonzero ? null : cotangent(program, pass, outputs);
    if (dy) {
      garbage.push(dy);
      const computed = tf.grads((...tensors: tf.Tensor[]) => {
        const last = forwardPass(program, ops, tensors, sites).values.get(lastLayer(golden).name);
        return tensorsOf(last as LayerValue)[0];
      })(leaves, dy);
      garbage.push(...computed);
      for (const [index, leaf] of program.leaves.entries()) {
        gradients.set(leaf.name, leaf.toGolden(await read(computed[index])));
      }
    }
    return { outputs, gradients, statistics };
  } finally {
    tf.dispose(garbage);
    for (const map of sites) map.dispose();
  }
}

export function lastLayer(golden: GoldenCase): GoldenLayer {
  return golden.layers[golden.layers.length - 1];
}

/** The forward pass with every layer's tensor kept (in `garbage`) and everything else freed. */
function forwardKept(
  program: GoldenProgram,
  ops: SparseOps,
  leaves: readonly tf.Tensor[],
  sites: Set<Sites>,
  garbage: tf.Tensor[],
): ForwardPass {
  let pass: ForwardPass | undefined;
  const kept = tf.tidy(() => {
    pass = forwardPass(program, ops, leaves, sites);
    const statistics = [...pass.statistics.values()].flatMap(({ mean, variance }) => [mean, variance]);
    return [...new Set([...[...pass.values.values()].flatMap(tensorsOf), ...statistics])];
  });
  garbage.push(...kept);
  return pass as ForwardPass;
}

async function nonzeroPass(ops: SparseOps, dense: tf.Tensor, sites: Set<Sites>): Promise<ForwardPass> {
  const x = await ops.fromDenseNonzero?.(dense);
  if (!x) throw new Error('internal: notCovered must be asked before a case is executed');
  sites.add(x.map);
  return { values: new Map([['sparse', { kind: 'sites', x }]]), statistics: new Map() };
}

async function hostValue({ golden, rank }: GoldenProgram, layer: GoldenLayer, pass: ForwardPass): Promise<HostValue> {
  const value = pass.values.get(layer.name);
  if (!value) throw new Error(`internal: layer '${layer.name}' must have a value`);
  if (value.kind === 'grid') {
    const [batch, ...rest] = value.dense.shape;
    const shape = [batch, rest[rest.length - 1], ...rest.slice(0, -1)];
    return { coordinates: null, shape, values: channelsFirst(await read(value.dense), shape), inverse: null };
  }
  if (value.kind === 'clouds') {
    const width = rank + 1;
    const coordinates = new Int32Array(value.rows.shape[0] * width);
    for (let batch = 0; batch < value.rows.shape[0]; batch++) coordinates[batch * width] = batch;
    return { coordinates, shape: value.rows.shape, values: await read(value.rows), inverse: null };
  }
  const { features, map } = value.x;
  const values = await read(features);
  return { coordinates: goldenUnits(golden, map), shape: features.shape, values, inverse: value.inverse ?? null };
}

/** Engines that keep coordinates on the original grid say so by a tensor stride. */
function goldenUnits(golden: GoldenCase, { coordinates, stride, rank }: Sites): Int32Array {
  if (golden.layers.every(({ out_tensor_stride: tensorStride }) => !tensorStride)) return coordinates.slice();
  return coordinates.map((value, index) => (index % (rank + 1) > 0 ? value * stride[(index % (rank + 1)) - 1] : value));
}

/** The golden's cotangent in the order of our output rows; rows that the golden lacks get 0. */
function cotangent(
  { golden }: GoldenProgram,
  pass: ForwardPass,
  outputs: ReadonlyMap<string, HostValue>,
): tf.Tensor | null {
  const given = golden.tensors.get('cotangent');
  if (!given) return null;
  const last = lastLayer(golden).name;
  const value = pass.values.get(last);
  const output = outputs.get(last);
  if (!value || !output) throw new Error('internal: the last layer must have a value');
  if (output.shape.join() !== given.shape.join()) return null; // the comparison says so
  const values = Float32Array.from(given.values, Number);
  const { shape } = tensorsOf(value)[0];
  if (!output.coordinates) return tf.tensor(channelsLast(values, given.shape), shape);
  const channels = shape[1] ?? 0;
  const rows = outputRows(golden);
  const { actualOf } = matchRows(output.coordinates, rows.values as Int32Array, rows.shape[1]);
  const ours = new Float32Array(shape[0] * channels);
  actualOf.forEach((row, goldenRow) => {
    if (row >= 0) ours.set(values.subarray(goldenRow * channels, (goldenRow + 1) * channels), row * channels);
  });
  return tf.tensor(ours, shape);
}

function tensorsOf(value: LayerValue): tf.Tensor[] {
  if (value.kind === 'grid') return [value.dense];
  return [value.kind === 'clouds' ? value.rows : value.x.features];
}

async function read(tensor: tf.Tensor): Promise<Float32Array> {
  return (await tensor.data<'float32'>()).slice();
}
