import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dispose, tensor, Variable, type Optimizer, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import { readSafetensors, requireRange, writeSafetensors, type SafetensorsTensor } from '@tfjs-sparse/core';
import { weightPaths } from './model/weight-paths.js';

const fileName = 'checkpoint.safetensors';
const weightPrefix = 'model/';
const optimizerPrefix = 'optimizer/';
const op = 'readCheckpoint';

/**
 * Saves the weights, the optimizer's state and the number of finished epochs to `checkpoint.safetensors` in the folder; an
 * interrupted write leaves the old file. A weight is named by its path, so inner models may have layers of one name.
 */
export async function writeCheckpoint(
  model: LayersModel,
  optimizer: Optimizer,
  folder: string,
  epochs: number,
): Promise<void> {
  const tensors = new Map<string, SafetensorsTensor>();
  for (const [path, weight] of weightPaths(model)) tensors.set(weightPrefix + path, await stored(weight.read()));
  for (const { name, tensor: state } of await optimizer.getWeights()) {
    tensors.set(optimizerPrefix + name, await stored(state));
    if (!(state instanceof Variable)) state.dispose(); // the step counter is made for this call
  }
  mkdirSync(folder, { recursive: true });
  const path = join(folder, fileName);
  const metadata = [
    ['epochs', String(epochs)],
    ['optimizer', optimizer.getClassName()],
  ] as const;
  writeFileSync(`${path}.part`, writeSafetensors(tensors, metadata));
  renameSync(`${path}.part`, path);
}

/**
 * Restores what `writeCheckpoint` saved, if there is anything; the number of finished epochs.
 *
 * @throws {RangeError} where the weights' names, shapes or dtypes or the kind of optimizer are others; nothing is changed
 */
export async function readCheckpoint(model: LayersModel, optimizer: Optimizer, folder: string): Promise<number> {
  const path = join(folder, fileName);
  if (!existsSync(path)) return 0;
  const { tensors, metadata } = readSafetensors(readFileSync(path));
  const weights = weightPaths(model);
  requireSameWeights(weights, tensors, path);
  const kind = metadata.get('optimizer');
  requireRange(
    kind === optimizer.getClassName(),
    op,
    `the optimizer must be ${kind}, as in ${path}`,
    optimizer.getClassName(),
  );
  await restoreState(optimizer, tensors);
  for (const [name, weight] of weights) {
    const value = loaded(tensors.get(weightPrefix + name)!);
    weight.write(value);
    value.dispose();
  }
  return Number(metadata.get('epochs'));
}

function requireSameWeights(
  weights: ReadonlyMap<string, LayerVariable>,
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  path: string,
): void {
  for (const [name, { shape, dtype }] of weights) {
    const saved = tensors.get(weightPrefix + name);
    requireRange(saved !== undefined, op, `${path} must hold ${name}`, 'no such tensor');
    const expected = `${dtype} [${shape.join(', ')}]`;
    const got = `${dtypeOf(saved)} [${saved.shape.join(', ')}]`;
    requireRange(got === expected, op, `${name} of ${path} must be ${expected}`, got);
  }
  for (const name of tensors.keys()) {
    const isKnown = !name.startsWith(weightPrefix) || weights.has(name.slice(weightPrefix.length));
    requireRange(
      isKnown,
      op,
      `the model must have every weight of ${path}`,
      `none of path ${name.slice(weightPrefix.length)}`,
    );
  }
}

async function restoreState(optimizer: Optimizer, tensors: ReadonlyMap<string, SafetensorsTensor>): Promise<void> {
  const state = [...tensors]
    .filter(([name]) => name.startsWith(optimizerPrefix))
    .map(([name, saved]) => ({ name: name.slice(optimizerPrefix.length), tensor: loaded(saved) }));
  try {
    await optimizer.setWeights(state);
  } finally {
    dispose(state.map(({ tensor }) => tensor)); // the optimizer has variables of the same values
  }
}

function dtypeOf({ dtype }: SafetensorsTensor): 'int32' | 'float32' {
  return dtype === 'I32' ? 'int32' : 'float32';
}

async function stored(value: Tensor): Promise<SafetensorsTensor> {
  const values = (await value.data()) as Float32Array | Int32Array;
  return { dtype: values instanceof Int32Array ? 'I32' : 'F32', shape: value.shape, values };
}

function loaded(saved: SafetensorsTensor): Tensor {
  return tensor(saved.values as Float32Array | Int32Array, [...saved.shape], dtypeOf(saved));
}
