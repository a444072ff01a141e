import * as tf from '@tensorflow/tfjs-core';
import {
  CoordinateMap,
  readSafetensors,
  SparseTensor,
  type Safetensors,
  type SafetensorsTensor,
} from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { loadPack, type Pack } from '@tfjs-sparse/packs';
import '@tfjs-sparse/shakespeare-topk/layers';
import '@tfjs-sparse/sparse-conv/layers';
import '@tfjs-sparse/sparse-matmul/layers';
import '@tfjs-sparse/topk/layers';
import type { CaseResult } from './src/report.js';

/** One input of a pack's golden. */
export interface PackCase {
  readonly id: string;
  /** The pack's folder below models/. */
  readonly pack: string;
  /** What the names of the case's tensors begin with. */
  readonly prefix: string;
}

type Tensors = ReadonlyMap<string, SafetensorsTensor>;

/** The cases of a pack's golden: `<case>/in_…`, or one that is named after its input `in_…`. */
export function packCases(pack: string, { tensors }: Safetensors): PackCase[] {
  const inputs = [...tensors.keys()].map((name) => /^(.*\/)?in_([^/]+)$/.exec(name)).filter((match) => match !== null);
  if (inputs.length === 0) throw new RangeError(`packs: the golden of ${pack} must have inputs in_…, got none`);
  const ids = new Map(inputs.map(([, prefix = '', input]) => [prefix, prefix.slice(0, -1) || input]));
  return [...ids].map(([prefix, name]) => ({ id: `packs/${pack}/${name}`, pack, prefix }));
}

// Relative to the largest value: up to forty float32 layers, which the golden sums in float64 or has with the batch
// normalization apart.
const packTolerance = 1e-4;

/** Loads a pack as a user does and compares its outputs for one input of its golden. */
export async function runPackCase(packCase: PackCase, source: string, leastTolerance = 0): Promise<CaseResult> {
  const { id } = packCase;
  const tolerance = Math.max(packTolerance, leastTolerance);
  const start = performance.now();
  const tensorsBefore = tf.memory().numTensors;
  let maxError: number | null = null;
  let reason: string | null = null;
  try {
    const pack = await loadPack(source);
    maxError = await largestError(pack, packCase).finally(() => pack.dispose());
    if (maxError > tolerance) reason = `the outputs must be within ${tolerance} of the golden, got ${maxError}`;
    const leaked = tf.memory().numTensors - tensorsBefore;
    if (leaked !== 0) reason ??= `${leaked} tensors more than before the case`;
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  return { id, status: reason ? 'fail' : 'pass', maxError, reason, ms: performance.now() - start };
}

/** Relative to the largest value of an output, at least 1. */
async function largestError(pack: Pack, { prefix }: PackCase): Promise<number> {
  const tensors = tensorsOf(pack, prefix);
  const names = pack.manifest.outputs.map(({ name }) => String(name));
  const unknown = [...tensors.keys()].find((name) => !name.startsWith('in_') && !names.includes(name));
  if (unknown) throw new RangeError(`packs: tensors of a golden must be inputs in_… or ${names}, got ${unknown}`);
  const expected = names.map((name) => storedTensor(tensors, name));
  const outputs = answers(pack, tensors);
  const errors = names.map((name, index) => errorOf(name, outputs[index], expected[index]));
  return Math.max(...(await Promise.all(errors).finally(() => tf.dispose(outputs))));
}

async function errorOf(name: string, output: tf.Tensor, { shape, values }: SafetensorsTensor): Promise<number> {
  if (String(shape) !== String(output.shape))
    throw new RangeError(`packs: ${name} must have the golden's shape [${shape}], got [${output.shape}]`);
  const got = await output.data();
  const expected = values as Float32Array;
  const scale = Math.max(1, ...expected.map(Math.abs));
  return expected.reduce((largest, value, i) => Math.max(largest, orInfinity(Math.abs(got[i] - value) / scale)), 0);
}

/** The tensors of one case, by their name in it. */
function tensorsOf({ manifest, files }: Pack, prefix: string): Tensors {
  const { path } = manifest.files.find(({ role }) => role === 'golden')!;
  const { tensors } = readSafetensors(new Uint8Array(files.get(path)!));
  const own = [...tensors].filter(([name]) => name.startsWith(prefix));
  return new Map(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

function answers(pack: Pack, tensors: Tensors): tf.Tensor[] {
  const inputs = [...tensors].filter(([name]) => name.startsWith('in_'));
  if (tensors.has('in_coords')) {
    const [further] = inputs.find(([name]) => name !== 'in_coords' && name !== 'in_features') ?? [];
    if (further) throw new RangeError(`packs: a case with in_coords must have in_features alone, got ${further}`);
    return answersOnSites(pack, tensors);
  }
  if (inputs.length !== 1)
    throw new RangeError(
      `packs: a golden's case must have in_coords or one input, got ${inputs.map(([name]) => name)}`,
    );
  const [[, { shape, values }]] = inputs;
  return tf.tidy(() => [pack.model.predict(tf.tensor(values as Float32Array, [...shape]))].flat());
}

function answersOnSites({ manifest, model }: Pack, tensors: Tensors): tf.Tensor[] {
  const { shape, values } = storedTensor(tensors, 'in_features');
  const coordinates = storedTensor(tensors, 'in_coords');
  const spatialShape = manifest.input.spatialShape as readonly number[] | undefined;
  const rank = coordinates.shape[1] - 1;
  const options = { batchSize: 1, spatialShape };
  const { map } = CoordinateMap.fromCoordinates(coordinates.values as Int32Array, rank, options);
  const x = new SparseTensor(tf.tensor2d(values as Float32Array, shape as [number, number]), map);
  const outputs = [predict(model, x)].flat() as tf.Tensor[];
  x.dispose();
  return outputs;
}

function storedTensor(tensors: Tensors, name: string): SafetensorsTensor {
  const tensor = tensors.get(name);
  if (!tensor) throw new RangeError(`packs: a golden's case must have ${name}, got ${[...tensors.keys()]}`);
  return tensor;
}

/** NaN counts as wrong. */
function orInfinity(error: number): number {
  return Number.isNaN(error) ? Infinity : error;
}
