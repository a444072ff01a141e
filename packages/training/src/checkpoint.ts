import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tensor, Variable, type Optimizer, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { readSafetensors, writeSafetensors, type SafetensorsTensor } from '@tfjs-sparse/core';

const fileName = 'checkpoint.safetensors';
const optimizerPrefix = 'optimizer/';

/** Saves the weights, the optimizer's state and the number of finished epochs; an interrupted write leaves the old file. */
export async function writeCheckpoint(
  model: LayersModel,
  optimizer: Optimizer,
  folder: string,
  epochs: number,
): Promise<void> {
  const tensors = new Map<string, SafetensorsTensor>();
  for (const weight of model.weights) tensors.set(weight.originalName, await stored(weight.read()));
  for (const { name, tensor: state } of await optimizer.getWeights()) {
    tensors.set(optimizerPrefix + name, await stored(state));
    if (!(state instanceof Variable)) state.dispose(); // the step counter is made for this call
  }
  mkdirSync(folder, { recursive: true });
  const path = join(folder, fileName);
  writeFileSync(`${path}.part`, writeSafetensors(tensors, [['epochs', String(epochs)]]));
  renameSync(`${path}.part`, path);
}

/** Restores what `writeCheckpoint` saved, if there is anything; the number of finished epochs. */
export async function readCheckpoint(model: LayersModel, optimizer: Optimizer, folder: string): Promise<number> {
  const path = join(folder, fileName);
  if (!existsSync(path)) return 0;
  const { tensors, metadata } = readSafetensors(readFileSync(path));
  for (const weight of model.weights) {
    const saved = tensors.get(weight.originalName);
    if (!saved) throw new Error(`readCheckpoint: ${path} must hold ${weight.originalName}, got no such tensor`);
    const value = loaded(saved);
    weight.write(value);
    value.dispose();
  }
  const state = [...tensors].filter(([name]) => name.startsWith(optimizerPrefix));
  await optimizer.setWeights(
    state.map(([name, saved]) => ({ name: name.slice(optimizerPrefix.length), tensor: loaded(saved) })),
  );
  return Number(metadata.get('epochs'));
}

async function stored(value: Tensor): Promise<SafetensorsTensor> {
  const values = (await value.data()) as Float32Array | Int32Array;
  return { dtype: values instanceof Int32Array ? 'I32' : 'F32', shape: value.shape, values };
}

function loaded({ dtype, shape, values }: SafetensorsTensor): Tensor {
  return tensor(values as Float32Array | Int32Array, [...shape], dtype === 'I32' ? 'int32' : 'float32');
}
