import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import {
  bytesSource,
  chooseArchitecture,
  readCheckpoint,
  type Architecture,
  type Checkpoint,
} from '@tfjs-sparse/converter/checkpoints';
import { readSafetensors, SparseTensor, sparseTensor, type SafetensorsTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';

const golden = new URL('../../../../packages/converter/golden/architectures/', import.meta.url);
const contentsOf = (file: string) => new Uint8Array(readFileSync(new URL(file, golden)));

export function checkpointOf(name: string): Promise<Checkpoint> {
  return readCheckpoint(bytesSource(`${name}.pt`, contentsOf(`${name}.pt`)));
}

/** The same with tensors left out. */
export function without(checkpoint: Checkpoint, pattern: RegExp): Checkpoint {
  return { ...checkpoint, tensors: checkpoint.tensors.filter(({ path }) => !pattern.test(path)) };
}

/** Builds the network of a checkpoint and runs it on what PyTorch got. */
export async function runGolden(name: string, architectures: readonly Architecture[]) {
  const checkpoint = await checkpointOf(name);
  const { architecture, reason } = chooseArchitecture(checkpoint, architectures);
  const { model, loaded, assumptions } = await architecture.build(checkpoint);
  const { tensors } = readSafetensors(contentsOf(`${name}.safetensors`));
  const [features, coords] = ['features', 'coords'].map((key) => tensors.get(key)!);
  const x = sparseTensor(tensorOf(features), rowsOf(coords));
  const outputs = predict(model, x);
  const given = outputs instanceof SparseTensor ? { output: outputs.features, sites: outputs.map } : { output: outputs as tf.Tensor, sites: x.map }; // prettier-ignore
  const error = largestDifference(await given.output.data(), tensors.get('output')!);
  if (process.env.SHOW_ERRORS) console.log(name, error);
  const sites = tensors.get('sites');
  const hasSites = sites === undefined || [...given.sites.coordinates].join() === [...sites.values].join();
  model.dispose();
  return { architecture: architecture.name, reason, loaded, assumptions, error, hasSites };
}

function tensorOf({ values, shape }: SafetensorsTensor): tf.Tensor2D {
  return tf.tensor2d(values as Float32Array, shape as [number, number]);
}

function rowsOf({ values, shape: [count, width] }: SafetensorsTensor): number[][] {
  return Array.from({ length: count }, (_, row) => Array.from(values.slice(row * width, (row + 1) * width), Number));
}

/** Infinity where there are not as many. */
function largestDifference(found: ArrayLike<number>, { values }: SafetensorsTensor): number {
  if (found.length !== values.length) return Infinity;
  return Array.from(found).reduce((most, value, i) => Math.max(most, Math.abs(value - Number(values[i]))), 0);
}
