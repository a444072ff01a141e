import * as tf from '@tensorflow/tfjs-core';
import { CoordinateMap, readSafetensors, SparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { loadPack } from '@tfjs-sparse/packs';
import '@tfjs-sparse/sparse-conv/layers';
import type { CaseResult } from './src/report.js';

/** The packs of models/, with the cases of their golden.safetensors. */
export const packCases: readonly { readonly id: string; readonly pack: string; readonly input: string }[] = [
  'ring',
  'centre',
  'scattered',
  'scratch',
].map((input) => ({ id: `packs/wafer-sscn/${input}`, pack: 'wafer-sscn', input }));

// Relative to the largest value: eight float32 layers, whose batch normalization is folded into the filters here and
// apart in the golden.
const tolerance = 1e-4;
const outputNames = ['probabilities', 'latent'];

/** Loads a pack as a user does and compares its outputs for one input of its golden. */
export async function runPackCase(id: string, source: string, input: string): Promise<CaseResult> {
  const start = performance.now();
  const tensorsBefore = tf.memory().numTensors;
  const pack = await loadPack(source);
  const golden = readSafetensors(new Uint8Array(pack.files.get('golden.safetensors')!));
  const stored = (name: string) => golden.tensors.get(`${input}/${name}`)!;
  const coordinates = stored('in_coords').values as Int32Array;
  const { shape, values } = stored('in_features');
  const { map } = CoordinateMap.fromCoordinates(coordinates, 2, { batchSize: 1, spatialShape: [64, 64] });
  const x = new SparseTensor(tf.tensor2d(values as Float32Array, shape as [number, number]), map);
  const outputs = predict(pack.model, x) as tf.Tensor[];
  let maxError = 0;
  for (const [index, name] of outputNames.entries()) {
    const expected = stored(name).values as Float32Array;
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
