import * as tf from '@tensorflow/tfjs-core';
import { tensorOperation } from '../cases/index.js';
import { executeTensors } from './execute-tensors.js';
import type { GoldenCase, GoldenLayer } from './golden-file.js';
import { forwardPass, type ForwardPass } from './golden-forward.js';
import { cotangent, layoutOf, tensorOf, type ValueLayout } from './golden-layout.js';
import { channelsFirst, goldenProgram, leafTensors, type GoldenProgram } from './golden-leaves.js';
import type { BatchNormResult, Sites, SparseOps } from './ops.js';

/** What a run left, on the host and in the golden's layout. */
export interface Execution {
  readonly outputs: ReadonlyMap<string, HostValue>;
  /** By leaf name; empty where the case has no cotangent. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  readonly statistics: ReadonlyMap<string, HostStatistics>;
}

export interface HostValue extends ValueLayout {
  readonly values: Float32Array;
}

export interface HostStatistics {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly siteCount: number;
}

/**
 * Runs a case forwards and, where it has a cotangent, backwards. Reads asynchronously and everything at once (Firefox
 * looks for finished GPU work ten times a second); leaves nothing behind.
 */
export async function executeGolden(golden: GoldenCase, ops: SparseOps): Promise<Execution> {
  const operation = tensorOperation(golden.layers[0].op);
  if (operation) return executeTensors(golden, operation, ops);
  const program = goldenProgram(golden);
  const sites = new Set<Sites>();
  const leaves = leafTensors(program.leaves);
  const garbage: tf.Tensor[] = [...leaves];
  try {
    const pass = await keptPass(program, ops, leaves, sites, garbage);
    const gradients = gradientTensors(program, ops, leaves, pass, sites);
    garbage.push(...gradients);
    const [outputs, statistics, gradientValues] = await Promise.all([
      Promise.all(golden.layers.map(({ name }) => readOutput(program, name, pass))),
      Promise.all([...pass.statistics].map(([name, result]) => readStatistics(name, result))),
      Promise.all(gradients.map((gradient) => read(gradient))),
    ]);
    const named = gradientValues.map(
      (values, index) => [program.leaves[index].name, program.leaves[index].toGolden(values)] as const,
    );
    return { outputs: new Map(outputs), gradients: new Map(named), statistics: new Map(statistics) };
  } finally {
    tf.dispose(garbage);
    for (const map of sites) map.dispose();
  }
}

export function lastLayer(golden: GoldenCase): GoldenLayer {
  return golden.layers[golden.layers.length - 1];
}

/** The forward pass with every layer's tensor kept (in `garbage`) and everything else freed. */
async function keptPass(
  program: GoldenProgram,
  ops: SparseOps,
  leaves: readonly tf.Tensor[],
  sites: Set<Sites>,
  garbage: tf.Tensor[],
): Promise<ForwardPass> {
  const [first] = program.golden.layers;
  let pass: ForwardPass | undefined;
  if (first.mode === 'nonzero') {
    const x = await ops.fromDenseNonzero?.(leaves[0]);
    if (!x) throw new Error('internal: notCovered must be asked before a case is executed');
    sites.add(x.map);
    garbage.push(x.features);
    return { values: new Map([[first.name, { kind: 'sites', x }]]), statistics: new Map() };
  }
  const kept = tf.tidy(() => {
    pass = forwardPass(program, ops, leaves, sites);
    const statistics = [...pass.statistics.values()].flatMap(({ mean, variance }) => [mean, variance]);
    return [...new Set([...[...pass.values.values()].map(tensorOf), ...statistics])];
  });
  garbage.push(...kept);
  return pass as ForwardPass;
}

/** One per leaf, in our layout; none where the case has no cotangent. */
function gradientTensors(
  program: GoldenProgram,
  ops: SparseOps,
  leaves: tf.Tensor[],
  pass: ForwardPass,
  sites: Set<Sites>,
): tf.Tensor[] {
  const { golden, rank } = program;
  const { name } = lastLayer(golden);
  const output = required(pass.values.get(name));
  const dy = cotangent(golden, output, layoutOf(golden, output, rank));
  if (!dy) return [];
  const gradient = tf.grads((...tensors: tf.Tensor[]) => {
    return tensorOf(required(forwardPass(program, ops, tensors, sites).values.get(name)));
  });
  const computed = gradient(leaves, dy);
  dy.dispose();
  return computed;
}

async function readOutput(program: GoldenProgram, name: string, pass: ForwardPass): Promise<[string, HostValue]> {
  const value = required(pass.values.get(name));
  const layout = layoutOf(program.golden, value, program.rank);
  const values = await read(tensorOf(value));
  return [name, { ...layout, values: value.kind === 'grid' ? channelsFirst(values, layout.shape) : values }];
}

async function readStatistics(
  name: string,
  { features, mean, variance }: BatchNormResult,
): Promise<[string, HostStatistics]> {
  const siteCount = features.shape[0];
  const [meanValues, varianceValues] = await Promise.all([read(mean), read(variance)]);
  return [name, { mean: meanValues, variance: varianceValues, siteCount }];
}

async function read(tensor: tf.Tensor): Promise<Float32Array> {
  return (await tensor.data<'float32'>()).slice();
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('internal: every layer must have a value');
  return value;
}
