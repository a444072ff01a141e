import * as tf from '@tensorflow/tfjs-core';
import { CoordinateMap, readSafetensors, SparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { loadPack } from '@tfjs-sparse/packs';
import '@tfjs-sparse/sparse-conv/layers';
import type { CaseResult } from './src/report.js';

interface PackCase {
  readonly id: string;
  readonly pack: string;
  readonly input: string;
  /** Of the input's sites; default unknown. */
  readonly spatialShape?: readonly number[];
}

/** The packs of models/, with the cases of their golden.safetensors. */
export const packCases: readonly PackCase[] = [
  ...casesOf('wafer-sscn', ['ring', 'centre', 'scattered', 'scratch'], [64, 64]),
  ...casesOf('lidar-minkunet', ['street', 'far']),
];

function casesOf(pack: string, inputs: readonly string[], spatialShape?: readonly number[]): PackCase[] {
  return inputs.map((input) => ({ id: `packs/${pack}/${input}`, pack, input, spatialShape }));
}

// Relative to the largest value: up to forty float32 layers, which the golden sums in float64 or has with the batch
// normalization apart.
const packTolerance = 1e-4;

/** Loads a pack as a user does and compares its outputs for one input of its golden. */
export async function runPackCase(
  { id, input, spatialShape }: PackCase,
  source: string,
  leastTolerance = 0,
): Promise<CaseResult> {
  const tolerance = Math.max(packTolerance, leastTolerance);
  const start = performance.now();
  const tensorsBefore = tf.memory().numTensors;
  const pack = await loadPack(source);
  const golden = readSafetensors(new Uint8Array(pack.files.get('golden.safetensors')!));
  const stored = (name: string) => golden.tensors.get(`${input}/${name}`)!;
  const coordinates = stored('in_coords').values as Int32Array;
  const { shape, values } = stored('in_features');
  const rank = stored('in_coords').shape[1] - 1;
  const { map } = CoordinateMap.fromCoordinates(coordinates, rank, { batchSize: 1, spatialShape });
  const x = new SparseTensor(tf.tensor2d(values as Float32Array, shape as [number, number]), map);
  const outputs = [predict(pack.model, x)].flat() as tf.Tensor[];
  let maxError = 0;
  for (const [index, { name }] of pack.manifest.outputs.entries()) {
    const expected = stored(String(name)).values as Float32Array;
    const got = await outputs[index].data();
    const scale = Math.max(1, ...expected.map(Math.abs));
    expected.forEach((value, i) => (maxError = Math.max(maxError, orInfinity(Math.abs(got[i] - value) / scale))));
  }
  tf.dispose(outputs);
  x.dispose();
  pack.dispose();
  const leaked = tf.memory().numTensors - tensorsBefore;
  const ms = performance.now() - start;
  const reason =
    maxError > tolerance
      ? `the outputs must be within ${tolerance} of the golden, got ${maxError}`
      : leaked !== 0
        ? `${leaked} tensors more than before the case`
        : null;
  return { id, status: reason ? 'fail' : 'pass', maxError, reason, ms };
}

/** NaN counts as wrong. */
function orInfinity(error: number): number {
  return Number.isNaN(error) ? Infinity : error;
}
