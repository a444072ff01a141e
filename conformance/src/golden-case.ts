import * as tf from '@tensorflow/tfjs-core';
import type { CoordinateMap } from '@tfjs-sparse/core';
import { executeTensors } from './execute-tensors.js';
import type { GoldenCase } from './golden-file.js';
import { forwardPass, layerRun, type ForwardPass } from './golden-forward.js';
import { cotangent, layerRows, layoutOf } from './golden-layout.js';
import { goldenProgram, type GoldenProgram } from './golden-program.js';
import { channelsFirst, layerTensorName, outputRows } from './golden-tensors.js';
import { readValues, type Execution, type HostOutput } from './host-output.js';
import { tensorOf, type LayerValue } from './layer-value.js';
import { tensorOperationOf, type Operations } from './operations.js';

/**
 * Runs a case forwards and, where it has a cotangent, backwards. Reads asynchronously and everything at once (Firefox
 * looks for finished GPU work ten times a second); leaves nothing behind.
 *
 * @throws RangeError or TypeError for what the golden says and no operation knows
 */
export async function executeGolden(golden: GoldenCase, operations: Operations): Promise<Execution> {
  const operation = tensorOperationOf(golden, operations);
  if (operation) return executeTensors(golden, operation);
  const program = goldenProgram(golden, operations);
  const maps = new Set<CoordinateMap>();
  const leaves = program.leaves.map(({ values, shape }) => tf.tensor(values.slice(), [...shape], 'float32'));
  const garbage: tf.Tensor[] = [...leaves];
  try {
    const pass = await keptPass(program, operations, leaves, maps, garbage);
    const gradients = gradientTensors(program, operations, leaves, pass, maps);
    garbage.push(...gradients);
    const [outputs, gradientValues] = await Promise.all([
      Promise.all(program.layers.flatMap(({ layer: { name } }) => readOutputs(program, name, pass))),
      Promise.all(gradients.map((gradient) => gradient.data<'float32'>())),
    ]);
    const named = gradientValues.map(
      (values, index) => [program.leaves[index].name, program.leaves[index].toGolden(values.slice())] as const,
    );
    return { outputs: new Map(outputs), gradients: new Map(named) };
  } finally {
    tf.dispose(garbage);
    for (const map of maps) map.dispose();
  }
}

/** The forward pass with every layer's tensors kept (in `garbage`) and everything else freed. */
async function keptPass(
  program: GoldenProgram,
  { makeSites }: Operations,
  leaves: readonly tf.Tensor[],
  maps: Set<CoordinateMap>,
  garbage: tf.Tensor[],
): Promise<ForwardPass> {
  const [first] = program.layers;
  const readBack = first.readBack(layerRun(program, makeSites, leaves, new Map()));
  if (readBack) {
    const value = await readBack;
    if (value.kind === 'sites') maps.add(value.x.map);
    garbage.push(...tensorsOf(value));
    return new Map([[first.layer.name, value]]);
  }
  let pass: ForwardPass = new Map();
  const kept = tf.tidy(() => {
    pass = forwardPass(program, makeSites, leaves, maps);
    return [...new Set([...pass.values()].flatMap(tensorsOf))];
  });
  garbage.push(...kept);
  return pass;
}

/** One per leaf, in our layout; none where the case has no cotangent. */
function gradientTensors(
  program: GoldenProgram,
  { makeSites }: Operations,
  leaves: tf.Tensor[],
  pass: ForwardPass,
  maps: Set<CoordinateMap>,
): tf.Tensor[] {
  const { golden } = program;
  const name = lastName(program);
  const output = valueOf(pass, name);
  const dy = cotangent(golden, output, layoutOf(program, output));
  if (!dy) return [];
  const gradient = tf.grads((...tensors: tf.Tensor[]) => {
    return tensorOf(valueOf(forwardPass(program, makeSites, tensors, maps), name));
  });
  const computed = gradient(leaves, dy);
  dy.dispose();
  return computed;
}

/** The features of a layer, and what it gives besides, by the names of the golden's tensors. */
function readOutputs(program: GoldenProgram, name: string, pass: ForwardPass): Promise<[string, HostOutput]>[] {
  const { golden } = program;
  const value = valueOf(pass, name);
  const further = Object.entries(value.further ?? {}).map(async ([kind, tensor]): Promise<[string, HostOutput]> => {
    const values = await readValues(tensor);
    return [layerTensorName(golden, kind, { name }), { dtype: tensor.dtype, shape: tensor.shape, values, rows: null }];
  });
  return [readFeatures(program, name, value), ...further];
}

async function readFeatures(program: GoldenProgram, name: string, value: LayerValue): Promise<[string, HostOutput]> {
  const isLast = name === lastName(program);
  const { coordinates, shape, inverse } = layoutOf(program, value);
  const tensor = tensorOf(value);
  const read = await readValues(tensor);
  const values = value.kind === 'grid' ? channelsFirst(read, shape) : read;
  const expected = isLast ? outputRows(program.golden) : layerRows(program, name);
  const rows = coordinates && expected ? { actual: coordinates, expected, inverse } : null;
  return [isLast ? 'out_features' : `features.${name}`, { dtype: tensor.dtype, shape, values, rows }];
}

function tensorsOf(value: LayerValue): tf.Tensor[] {
  return [tensorOf(value), ...Object.values(value.further ?? {})];
}

function lastName({ layers }: GoldenProgram): string {
  return layers[layers.length - 1].layer.name;
}

function valueOf(pass: ForwardPass, name: string): LayerValue {
  const value = pass.get(name);
  if (value === undefined) throw new Error('internal: every layer must have a value');
  return value;
}
